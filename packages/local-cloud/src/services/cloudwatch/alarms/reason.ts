import { MINUTE_MS } from '../metrics/metric.ts';
import { COMPARISONS } from './alarm.ts';
import type { MetricAlarm } from './alarm.ts';
import type { AlarmState, Decision } from './decide.ts';
import { messageTime, reasonTime } from './times.ts';

/** What an alarm was decided from. */
export interface Evaluated {
  readonly decision: Decision;
  readonly state: AlarmState;
  /** The data points of the range, oldest first. */
  readonly points: readonly (number | undefined)[];
  /** The minute with which the first data point begins. */
  readonly from: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const COMPARED: Record<MetricAlarm['comparison'], string> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanOrEqualToThreshold: 'less than or equal to',
  LessThanThreshold: 'less than',
};

/** At most so many data points in a reason, the newest first, as on AWS. */
const SHOWN = 5;

/** Why an alarm has its state, in CloudWatch's words. */
export function reasonOf(alarm: MetricAlarm, { decision, state, points, from }: Evaluated): string {
  const { evaluationPeriods, datapointsToAlarm, threshold, comparison, period } = alarm;
  const { evaluated, breaching } = decision;
  if (state === 'INSUFFICIENT_DATA') {
    const unknown = evaluationPeriods - evaluated.length;
    return `Insufficient Data: ${unknown} ${datapoints(unknown)} ${unknown === 1 ? 'was' : 'were'} unknown.`;
  }
  const limit = `the threshold (${decimal(threshold)})`;
  if (evaluated.length === 0) {
    const treated = alarm.missing === 'breaching' ? 'Breaching' : 'NonBreaching';
    const unknown = `${evaluationPeriods} missing ${datapoints(evaluationPeriods)} ${evaluationPeriods === 1 ? 'was' : 'were'} treated as [${treated}]`;
    return `Threshold Crossed: no datapoints were received for ${evaluationPeriods} ${evaluationPeriods === 1 ? 'period' : 'periods'} and ${unknown}.`;
  }
  const isAlarm = state === 'ALARM';
  const deciding = evaluated.filter((index) => !isAlarm || breaches(alarm, points[index]));
  const shown = deciding
    .slice(-SHOWN)
    .toReversed()
    .map((index) => `${decimal(points[index] ?? 0)} (${reasonTime((from + index * period) * MINUTE_MS)})`);
  const many = isAlarm ? breaching : evaluated.length - breaching;
  const verb = many === 1 ? 'was' : 'were';
  const transition = `(minimum ${datapointsToAlarm} ${datapoints(datapointsToAlarm)} for ${isAlarm ? 'OK -> ALARM' : 'ALARM -> OK'} transition)`;
  return `Threshold Crossed: ${many} out of the last ${evaluationPeriods} datapoints [${shown.join(', ')}] ${verb} ${isAlarm ? '' : 'not '}${COMPARED[comparison]} ${limit} ${transition}.`;
}

/** The details of a decision as JSON, as CloudWatch keeps them. */
export function reasonDataOf(alarm: MetricAlarm, { decision, points, from, at }: Evaluated): string {
  const time = (index: number): string => messageTime((from + index * alarm.period) * MINUTE_MS);
  const recent = decision.evaluated.toReversed();
  const stat = alarm.queries.find(({ Id }) => Id === alarm.watched)?.MetricStat?.Stat;
  return JSON.stringify({
    version: '1.0',
    queryDate: messageTime(at),
    startDate: messageTime(from * MINUTE_MS),
    ...(stat !== undefined && { statistic: stat }),
    period: alarm.period * 60,
    recentDatapoints: recent.map((index) => points[index]),
    threshold: alarm.threshold,
    evaluatedDatapoints: recent.map((index) => ({ timestamp: time(index), value: points[index] })),
  });
}

function breaches({ comparison, threshold }: MetricAlarm, value: number | undefined): boolean {
  return value !== undefined && COMPARISONS[comparison](value, threshold);
}

const datapoints = (many: number): string => (many === 1 ? 'datapoint' : 'datapoints');
/** `3.0`, as CloudWatch writes a whole number. */
const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));
