/** The state of an alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** How an alarm treats missing data points. */
export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

export interface Decision {
  /** `retain` keeps the state that the alarm has. */
  readonly state: AlarmState | 'retain';
  /** Positions of the data points that decided, in the order of the range. */
  readonly evaluated: readonly number[];
  readonly breaching: number;
}

export interface DecisionRules {
  /** N: how many data points are evaluated. */
  readonly evaluationPeriods: number;
  /** M: how many of them must breach. */
  readonly datapointsToAlarm: number;
  readonly missing: MissingData;
}

/**
 * The number of data points that an alarm reads, so that it can look further back when some are missing. AWS says that it
 * reads more than N and shows 5 for N = 3, and three days for one period of a day; it gives no formula.
 */
export const rangeOf = (evaluationPeriods: number): number => evaluationPeriods + 2;

/**
 * Decides an alarm's state from the data points of its evaluation range.
 *
 * 1. With N data points or more in the range, the newest N decide. Missing ones do not matter.
 * 2. With fewer, all of them count, and `missing` says what the others are.
 * 3. M breaching data points are an alarm, whatever is missing.
 * 4. Where the others are neither breaching nor not (`missing`, `ignore`): one data point that does not breach makes the
 *    state OK; when all breach, the alarm waits until the oldest is M periods old (a premature alarm is avoided).
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 * @param range whether each data point breaches, oldest first; undefined where it is missing
 */
export function decide(range: readonly (boolean | undefined)[], rules: DecisionRules): Decision {
  const { evaluationPeriods, datapointsToAlarm } = rules;
  const existing = range.flatMap((breaches, index) => (breaches === undefined ? [] : [index]));
  const evaluated = existing.slice(-evaluationPeriods);
  const breaching = evaluated.filter((index) => range[index] === true).length;
  if (breaching >= datapointsToAlarm) return { state: 'ALARM', evaluated, breaching };
  const lacking = evaluationPeriods - evaluated.length;
  const state = lacking === 0 ? 'OK' : withMissing(range, rules, { breaching, lacking, existing });
  return { state, evaluated, breaching };
}

interface Lacking {
  readonly breaching: number;
  readonly lacking: number;
  readonly existing: readonly number[];
}

function withMissing(
  range: readonly (boolean | undefined)[],
  { datapointsToAlarm, missing }: DecisionRules,
  { breaching, lacking, existing }: Lacking,
): Decision['state'] {
  if (missing === 'notBreaching') return 'OK';
  if (missing === 'breaching') return breaching + lacking >= datapointsToAlarm ? 'ALARM' : 'OK';
  if (breaching < existing.length) return 'OK';
  if (missing === 'ignore') return 'retain';
  const oldest = existing[0];
  const age = oldest === undefined ? 0 : range.length - oldest;
  return age >= datapointsToAlarm ? 'ALARM' : 'INSUFFICIENT_DATA';
}
