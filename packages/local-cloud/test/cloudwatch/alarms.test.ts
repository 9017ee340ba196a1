import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/serve.ts';
import { MINUTE, rig, START, TOPIC } from './support.ts';

test('an alarm rings once its period has ended, and clears when the range has no such data point', async () => {
  const { add, errors, minute, state, clock } = rig();
  add('errors');
  expect(state('errors')).toBe('INSUFFICIENT_DATA');
  errors(2);
  await minute();
  expect(state('errors')).toBe('ALARM');
  clock.now += 30_000;
  errors(0);
  await minute();
  expect(state('errors')).toBe('OK');
});

test('without further data the newest data point of the range decides, as on AWS', async () => {
  const { add, errors, minute, state } = rig();
  add('errors');
  errors(2);
  const states: unknown[] = [];
  for (let count = 0; count < 5; count++) {
    await minute();
    states.push(state('errors'));
  }
  expect(states).toEqual(['ALARM', 'ALARM', 'ALARM', 'OK', 'OK']);
});

test('a period that has not ended does not count', async () => {
  const { add, errors, service, state, clock } = rig();
  add('errors');
  clock.now += 10_000;
  errors(2);
  clock.now += 40_000;
  service.tick();
  expect(state('errors')).toBe('OK');
});

test('periods of five minutes slide by one minute', async () => {
  const { add, errors, minute, state } = rig();
  add('errors', { Period: 300, Threshold: 4 });
  errors(2);
  await minute();
  expect(state('errors')).toBe('OK');
  await minute();
  errors(2);
  await minute();
  expect(state('errors')).toBe('ALARM');
});

test('M of N', async () => {
  const { add, errors, minute, state } = rig();
  add('errors', { EvaluationPeriods: 3, DatapointsToAlarm: 2 });
  const states: unknown[] = [];
  for (const value of [1, 0, 1, 0, 0]) {
    errors(value);
    await minute();
    states.push(state('errors'));
  }
  expect(states).toEqual(['OK', 'OK', 'ALARM', 'OK', 'OK']);
});

test('missing data counts as the alarm says', async () => {
  const { add, minute, state } = rig();
  for (const TreatMissingData of ['missing', 'ignore', 'breaching', 'notBreaching'])
    add(TreatMissingData, { TreatMissingData });
  await minute();
  expect(['missing', 'ignore', 'breaching', 'notBreaching'].map(state)).toEqual([
    'INSUFFICIENT_DATA',
    'INSUFFICIENT_DATA',
    'ALARM',
    'OK',
  ]);
});

test('an alarm on a metric of DynamoDB ignores missing data, whatever it says', async () => {
  const { add, minute, state } = rig();
  add('throttles', { Namespace: 'AWS/DynamoDB', TreatMissingData: 'breaching' });
  await minute();
  expect(state('throttles')).toBe('INSUFFICIENT_DATA');
});

test('an alarm on an expression', async () => {
  const { add, errors, service, minute, state, clock } = rig();
  const metric = (Id: string, MetricName: string) => ({
    Id,
    MetricStat: {
      Metric: { Namespace: 'fleet', MetricName, Dimensions: [{ Name: 'service', Value: 'echo' }] },
      Period: 60,
      Stat: 'Sum',
    },
    ReturnData: false,
  });
  const Metrics = [
    { Id: 'rate', Expression: 'IF(all > 9, FILL(errors, 0) / all, 0)' },
    metric('errors', 'Errors'),
    metric('all', 'All'),
  ];
  const none = {
    Namespace: undefined,
    MetricName: undefined,
    Dimensions: undefined,
    Statistic: undefined,
    Period: undefined,
  };
  add('rate', { ...none, Metrics, Threshold: 0.1 });
  const all = (value: number): void =>
    service.measure({ namespace: 'fleet', name: 'All', dimensions: { service: 'echo' }, value, at: clock.now });
  errors(1);
  all(5);
  await minute();
  expect(state('rate')).toBe('OK');
  errors(1);
  all(10);
  await minute();
  expect(state('rate')).toBe('ALARM');
  all(10);
  await minute();
  expect(state('rate')).toBe('OK');
});

test('an alarm that looks at more than a day is decided once an hour', async () => {
  const { add, errors, minute, state, clock } = rig(undefined, START + 57 * MINUTE);
  add('silent', {
    Statistic: 'SampleCount',
    Period: 3_600,
    EvaluationPeriods: 26,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
  });
  for (let passed = 0; passed < 26 * 60; passed++) await minute();
  expect(state('silent')).toBe('INSUFFICIENT_DATA');
  for (let passed = 0; passed < 60; passed++) await minute();
  expect(state('silent')).toBe('ALARM');
  errors(1);
  await minute();
  expect(state('silent')).toBe('ALARM');
  await minute();
  await minute();
  expect(clock.now).toBe(START + 28 * 60 * MINUTE);
  expect(state('silent')).toBe('OK');
});

test('a composite alarm follows the alarms of its rule', async () => {
  const { add, addComposite, errors, minute, state } = rig();
  add('fast');
  add('slow', { EvaluationPeriods: 2, DatapointsToAlarm: 2 });
  addComposite('page', 'ALARM(fast) AND ALARM(slow)', { AlarmActions: [TOPIC] });
  addComposite('outer', 'ALARM(page) OR NOT OK(fast)');
  errors(1);
  await minute();
  expect([state('page'), state('outer')]).toEqual(['OK', 'ALARM']);
  errors(1);
  await minute();
  expect([state('page'), state('outer')]).toEqual(['ALARM', 'ALARM']);
});

test('actions publish the message of AWS, once for each change', async () => {
  const { add, errors, minute, published, clock } = rig();
  add('errors', { AlarmActions: [TOPIC], OKActions: [TOPIC] });
  await minute();
  errors(2);
  await minute();
  errors(3);
  await minute();
  expect(published.map(({ Subject }) => Subject)).toEqual([
    'OK: "errors" in US East (N. Virginia)',
    'ALARM: "errors" in US East (N. Virginia)',
  ]);
  expect(published[1]?.TopicArn).toBe(TOPIC);
  expect(JSON.parse(published[1]?.Message ?? '')).toEqual({
    AlarmName: 'errors',
    AlarmDescription: 'Something failed.',
    AWSAccountId: '000000000000',
    NewStateValue: 'ALARM',
    NewStateReason:
      'Threshold Crossed: 1 out of the last 1 datapoints [2.0 (28/11/26 12:01:00)] was greater than or equal to the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).',
    StateChangeTime: '2026-11-28T12:02:00.000+0000',
    Region: 'US East (N. Virginia)',
    AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors',
    OldStateValue: 'OK',
    OKActions: [TOPIC],
    AlarmActions: [TOPIC],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: 'Errors',
      Namespace: 'fleet',
      StatisticType: 'Statistic',
      Statistic: 'SUM',
      Unit: null,
      Dimensions: [{ name: 'service', value: 'echo' }],
      Period: 60,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1,
      TreatMissingData: 'notBreaching',
      EvaluateLowSampleCountPercentile: '',
    },
  });
  expect(clock.now).toBe(START + 3 * MINUTE);
});

test('an action that fails is reported and in the history, and the state stays', async () => {
  const { add, errors, minute, state, events, service } = rig();
  add('errors', { AlarmActions: [`${TOPIC}-missing`] });
  errors(1);
  await minute();
  expect(state('errors')).toBe('ALARM');
  expect(events.at(-1)).toEqual({
    code: 'alarm.action-failed',
    alarm: 'errors',
    action: `${TOPIC}-missing`,
    reason: 'Topic does not exist',
  });
  const { AlarmHistoryItems } = await service.invoke(
    'DescribeAlarmHistory',
    {},
    { accessKeyId: '', principal: 'root' },
  );
  expect(AlarmHistoryItems).toMatchObject([
    { HistoryItemType: 'Action', HistorySummary: `Failed to execute action ${TOPIC}-missing` },
    { HistoryItemType: 'StateUpdate', HistorySummary: 'Alarm updated from INSUFFICIENT_DATA to ALARM' },
  ]);
});

test('disabled actions do not run', async () => {
  const { add, errors, minute, published, state } = rig();
  add('errors', { AlarmActions: [TOPIC], ActionsEnabled: false });
  errors(1);
  await minute();
  expect(state('errors')).toBe('ALARM');
  expect(published).toEqual([]);
});

test('a restart keeps the states, and publishes nothing twice', async () => {
  const dataDir = temporaryFolder();
  const first = rig(dataDir);
  first.add('errors', { AlarmActions: [TOPIC] });
  first.errors(1);
  await first.minute();
  await first.service.close();
  const second = rig(dataDir, first.clock.now + 10_000);
  second.add('errors', { AlarmActions: [TOPIC] });
  expect(second.state('errors')).toBe('ALARM');
  await second.minute();
  expect(second.published).toEqual([]);
  await second.service.close();
});

test.for<[string, object, string]>([
  [
    'a statistic',
    { Statistic: 'tm99' },
    'the statistic tm99 is not supported. The local CloudWatch has Average, Maximum',
  ],
  ['M above N', { DatapointsToAlarm: 2 }, 'DatapointsToAlarm must be at most EvaluationPeriods'],
  ['a range above a day', { EvaluationPeriods: 1_441 }, 'Period × EvaluationPeriods must be at most a day'],
])('%s that is not possible is rejected', ([, properties, message]) => {
  expect(() => rig().add('errors', properties)).toThrow(message);
});
