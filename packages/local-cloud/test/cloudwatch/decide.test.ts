import { expect, test } from 'vitest';
import { decide, rangeOf } from '../../src/services/cloudwatch/alarms/decide.ts';
import type { Decision, MissingData } from '../../src/services/cloudwatch/alarms/decide.ts';

/**
 * The examples of AWS: `0` does not breach, `X` breaches, `-` is missing, the newest is on the right. Then the state with
 * missing data as `missing`, `ignore`, `breaching` and `notBreaching`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
type Row = readonly [
  points: string,
  ...states: [Decision['state'], Decision['state'], Decision['state'], Decision['state']],
];
const MODES: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

const THREE_OF_THREE: readonly Row[] = [
  ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
  ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
  ['- - - - -', 'INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK'],
  ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - X - -', 'ALARM', 'retain', 'ALARM', 'OK'],
  // From the version of this page of 2019, which also has the two rows that the text on premature alarms still names.
  ['- - - - X', 'INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK'],
  ['- - - X -', 'INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK'],
  ['X - - - -', 'ALARM', 'retain', 'ALARM', 'OK'],
  // The text: one of these follows, and the alarm did not ring too early.
  ['- - - X 0', 'OK', 'OK', 'OK', 'OK'],
  ['- - X - 0', 'OK', 'OK', 'OK', 'OK'],
];

const TWO_OF_THREE: readonly Row[] = [
  ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - X -', 'ALARM', 'retain', 'ALARM', 'OK'],
];

const cases = [
  ...THREE_OF_THREE.map((row) => [3, row] as const),
  ...TWO_OF_THREE.map((row) => [2, row] as const),
].flatMap(([datapointsToAlarm, [points, ...states]]) =>
  MODES.map((missing, index) => ({ datapointsToAlarm, points, missing, state: states[index] })),
);

test.for(cases)('$datapointsToAlarm of 3 with $points and missing data as $missing: $state', (row) => {
  const { datapointsToAlarm, points, missing, state } = row;
  const range = points.split(' ').map((point) => (point === '-' ? undefined : point === 'X'));
  expect(decide(range, { evaluationPeriods: 3, datapointsToAlarm, missing }).state).toBe(state);
});

test('the range is the five data points of the examples for three periods', () => {
  expect(rangeOf(3)).toBe(5);
});
