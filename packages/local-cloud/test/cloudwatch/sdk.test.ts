import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { expect, onTestFinished, test } from 'vitest';
import { serve } from '../../testing/serve.ts';
import { MINUTE, rig, START, TOPIC } from './support.ts';

async function served() {
  const made = rig();
  const server = await serve(() => made.service);
  const cloudWatch = new CloudWatchClient(server.client);
  onTestFinished(async () => {
    cloudWatch.destroy();
    await server.close();
  });
  return { ...made, cloudWatch };
}

const Dimensions = [{ Name: 'service', Value: 'echo' }];
const stat = (Id: string, Stat: string, more = {}) => ({
  Id,
  MetricStat: { Metric: { Namespace: 'fleet', MetricName: 'Errors', Dimensions }, Period: 60, Stat },
  ...more,
});

test('metrics that were put are listed and read', async () => {
  const { cloudWatch, clock } = await served();
  const MetricData = [
    { MetricName: 'Errors', Dimensions, Timestamp: new Date(START + 5_000), Value: 3, Unit: 'Count' as const },
    { MetricName: 'Errors', Dimensions, Timestamp: new Date(START + MINUTE), Values: [1, 5], Counts: [2, 1] },
  ];
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'fleet', MetricData }));
  const { Metrics } = await cloudWatch.send(
    new ListMetricsCommand({ Namespace: 'fleet', Dimensions: [{ Name: 'service' }] }),
  );
  expect(Metrics).toEqual([{ Namespace: 'fleet', MetricName: 'Errors', Dimensions }]);
  clock.now = START + 5 * MINUTE;
  const { MetricDataResults } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(START - MINUTE),
      EndTime: new Date(START + 3 * MINUTE),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [
        stat('sums', 'Sum'),
        stat('counts', 'SampleCount', { ReturnData: false }),
        { Id: 'averages', Expression: 'sums / counts', Label: 'mean' },
      ],
    }),
  );
  const Timestamps = [new Date(START), new Date(START + MINUTE)];
  expect(MetricDataResults).toEqual([
    { Id: 'sums', Label: 'Errors', Timestamps, Values: [3, 7], StatusCode: 'Complete' },
    { Id: 'averages', Label: 'mean', Timestamps, Values: [3, 7 / 3], StatusCode: 'Complete' },
  ]);
});

test('alarms are described with state, reason and definition', async () => {
  const { cloudWatch, add, addComposite, errors, minute, clock } = await served();
  add('errors', { AlarmActions: [TOPIC] });
  addComposite('page', 'ALARM(errors)');
  errors(1);
  await minute();
  const { MetricAlarms, CompositeAlarms } = await cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
  );
  expect(MetricAlarms).toMatchObject([
    {
      AlarmName: 'errors',
      AlarmDescription: 'Something failed.',
      AlarmActions: [TOPIC],
      StateValue: 'ALARM',
      StateReason: expect.stringContaining('1 out of the last 1 datapoints [1.0'),
      StateTransitionedTimestamp: new Date(clock.now),
      MetricName: 'Errors',
      Namespace: 'fleet',
      Statistic: 'Sum',
      Dimensions,
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      TreatMissingData: 'notBreaching',
    },
  ]);
  expect(CompositeAlarms).toMatchObject([{ AlarmName: 'page', AlarmRule: 'ALARM(errors)', StateValue: 'ALARM' }]);
  const onlyMetrics = await cloudWatch.send(new DescribeAlarmsCommand({ StateValue: 'ALARM' }));
  expect(onlyMetrics.CompositeAlarms).toEqual([]);
});

test('alarms come in pages', async () => {
  const { cloudWatch, add } = await served();
  for (const name of ['c', 'a', 'b']) add(name);
  const first = await cloudWatch.send(new DescribeAlarmsCommand({ MaxRecords: 2 }));
  const { NextToken } = first;
  const second = await cloudWatch.send(new DescribeAlarmsCommand({ MaxRecords: 2, NextToken }));
  const names = [first, second].map(({ MetricAlarms = [] }) => MetricAlarms.map(({ AlarmName }) => AlarmName));
  expect(names).toEqual([['a', 'b'], ['c']]);
  expect(second.NextToken).toBeUndefined();
});

test('a state that is set lasts until the next evaluation', async () => {
  const { cloudWatch, add, errors, minute, state } = await served();
  add('errors');
  errors(0);
  await minute();
  await cloudWatch.send(
    new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'an exercise' }),
  );
  expect(state('errors')).toBe('ALARM');
  await minute();
  expect(state('errors')).toBe('OK');
  const { AlarmHistoryItems } = await cloudWatch.send(
    new DescribeAlarmHistoryCommand({ AlarmName: 'errors', ScanBy: 'TimestampAscending' }),
  );
  expect(AlarmHistoryItems?.map(({ HistorySummary }) => HistorySummary)).toEqual([
    'Alarm updated from INSUFFICIENT_DATA to OK',
    'Alarm updated from OK to ALARM',
    'Alarm updated from ALARM to OK',
  ]);
});

test('errors have the names of the SDK', async () => {
  const { cloudWatch } = await served();
  const input = { AlarmName: 'none', StateValue: 'OK' as const, StateReason: '' };
  await expect(cloudWatch.send(new SetAlarmStateCommand(input))).rejects.toMatchObject({ name: 'ResourceNotFound' });
  const search = { Id: 'found', Expression: "SEARCH('{fleet,service}', 'Sum')" };
  const times = { StartTime: new Date(START), EndTime: new Date(START + MINUTE) };
  await expect(cloudWatch.send(new GetMetricDataCommand({ MetricDataQueries: [search], ...times }))).rejects.toThrow(
    'the function SEARCH is not supported',
  );
});
