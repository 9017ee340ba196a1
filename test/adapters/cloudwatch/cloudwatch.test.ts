import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { putAlarm } from '@agent-fleet/local-cloud/testing/alarms';
import { serve } from '@agent-fleet/local-cloud/testing/serve';
import { createCloudWatch } from '@agent-fleet/local-cloud/testing/services';
import { expect, onTestFinished, test } from 'vitest';
import { cloudwatchAlarmReader } from '#adapters/cloudwatch/alarm-reader.ts';
import { cloudwatchMetricReader } from '#adapters/cloudwatch/metric-reader.ts';

const START = Date.parse('2026-11-28T12:00:00Z');
const MINUTE = 60_000;

async function open() {
  const clock = { now: START };
  const place = { account: '000000000000', region: 'us-east-1' };
  const nothing = { onEvent: () => {}, hasPolicy: () => false, call: async () => ({}) };
  const {
    service,
    client: settings,
    ...server
  } = await serve(() => createCloudWatch({ ...place, ...nothing, now: () => clock.now }));
  const client = new CloudWatchClient(settings);
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  const failed = (value: number): void =>
    service.measure({ namespace: 'agent-fleet', name: 'TasksFailed', dimensions: { service: 'fleet-echo' }, value });
  return { clock, service, client, failed };
}

const metric = {
  namespace: 'agent-fleet',
  name: 'TasksFailed',
  dimensions: { service: 'fleet-echo' },
  statistic: 'Sum',
};

const Metric = {
  Namespace: 'agent-fleet',
  MetricName: 'TasksFailed',
  Dimensions: [{ Name: 'service', Value: 'fleet-echo' }],
};

const ALARM = {
  ...Metric,
  AlarmDescription: 'Tasks fail.',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 2,
  DatapointsToAlarm: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
};

test('metrics and expressions are read by period', async () => {
  const { clock, client, failed } = await open();
  failed(2);
  clock.now += MINUTE;
  failed(3);
  const reader = cloudwatchMetricReader({ client });
  const series = await reader.read(
    [
      { id: 'm1', metric },
      { id: 'm2', metric: { ...metric, statistic: 'SampleCount' }, hidden: true },
      { id: 'e1', expression: 'm1 * m2 * 10' },
      { id: 'm3', metric: { ...metric, name: 'Nothing' } },
    ],
    { from: START - MINUTE, to: START + 2 * MINUTE, step: 60 },
  );
  expect(series).toEqual([
    {
      id: 'm1',
      points: [
        [START, 2],
        [START + MINUTE, 3],
      ],
    },
    {
      id: 'e1',
      points: [
        [START, 20],
        [START + MINUTE, 30],
      ],
    },
    { id: 'm3', points: [] },
  ]);
});

test('alarms of the fleet are read with their rules, and no others', async () => {
  const { clock, service, client, failed } = await open();
  putAlarm(service, 'fleet-failed', ALARM);
  putAlarm(service, 'other-failed', ALARM);
  const stat = { Metric, Period: 300, Stat: 'p99' };
  const Metrics = [
    { Id: 'e1', Expression: 'm1 * 2' },
    { Id: 'm1', MetricStat: stat, ReturnData: false },
  ];
  const { Namespace: _n, MetricName: _m, Dimensions: _d, Statistic: _s, Period: _p, ...common } = ALARM;
  putAlarm(service, 'fleet-slow', { ...common, Metrics });
  failed(1);
  clock.now += MINUTE;
  service.tick();
  const reader = cloudwatchAlarmReader({ prefix: 'fleet-', client });
  const alarms = await reader.alarms();
  const rule = {
    period: 60,
    threshold: 1,
    comparison: 'GreaterThanOrEqualToThreshold',
    evaluationPeriods: 2,
    datapointsToAlarm: 1,
    missing: 'missing',
  };
  expect(alarms).toEqual([
    {
      name: 'fleet-failed',
      description: 'Tasks fail.',
      state: 'ALARM',
      since: START + MINUTE,
      reason: expect.stringContaining('1 out of the last 2 datapoints'),
      rule: { ...rule, queries: [{ id: 'm1', metric }] },
      composite: undefined,
    },
    expect.objectContaining({
      name: 'fleet-slow',
      rule: {
        ...rule,
        period: 300,
        queries: [
          { id: 'e1', metric: undefined, expression: 'm1 * 2', hidden: false },
          { id: 'm1', metric: { ...metric, statistic: 'p99' }, expression: undefined, hidden: true },
        ],
      },
    }),
  ]);
  expect(await reader.alarm('fleet-failed')).toEqual(alarms[0]);
  expect(await reader.alarm('other-failed')).toBeNull();
  expect(await reader.alarm('fleet-none')).toBeNull();
  expect(await reader.changes('fleet-failed', 5)).toEqual([
    { at: START + MINUTE, summary: 'Alarm updated from INSUFFICIENT_DATA to ALARM' },
  ]);
});

test('changes of a state since a time have both states, oldest first', async () => {
  const { clock, service, client, failed } = await open();
  putAlarm(service, 'fleet-failed', { ...ALARM, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' });
  const minute = (value: number): void => {
    failed(value);
    clock.now += MINUTE;
    service.tick();
  };
  minute(0);
  const since = clock.now + 1;
  minute(1);
  minute(0);
  const reader = cloudwatchAlarmReader({ prefix: 'fleet-', client });
  const [rings, ends] = [
    { at: START + 2 * MINUTE, before: 'OK', after: 'ALARM' },
    { at: START + 3 * MINUTE, before: 'ALARM', after: 'OK' },
  ];
  expect(await reader.changesSince('fleet-failed', since, 5)).toEqual([rings, ends]);
  expect(await reader.changesSince('fleet-failed', since, 1)).toEqual([rings]);
  expect(await reader.changesSince('fleet-failed', clock.now + 1, 5)).toEqual([]);
});
