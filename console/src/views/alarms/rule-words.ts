interface Rule {
  readonly metrics: readonly { readonly name: string; readonly statistic: string }[];
  readonly expression?: string | undefined;
  readonly period: number;
  readonly threshold: number;
  readonly comparison: string;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
}

const SIGNS: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: '≥',
  GreaterThanThreshold: '>',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '≤',
};

/** `Sum of TasksFailed ≥ 5 in 2 of 3 periods of 60 s`. */
export function ruleWords(rule: Rule): string {
  const { expression, metrics, comparison, threshold, period, evaluationPeriods, datapointsToAlarm } = rule;
  const what = expression ?? metrics.map(({ name, statistic }) => `${statistic} of ${name}`).join(', ');
  const periods = evaluationPeriods === 1 ? 'a period' : `${datapointsToAlarm} of ${evaluationPeriods} periods`;
  return `${what} ${SIGNS[comparison] ?? comparison} ${threshold} in ${periods} of ${period} s`;
}
