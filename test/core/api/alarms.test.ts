import { expect, test } from 'vitest';
import { getAlarm, listAlarms, type AlarmPorts } from '#core/api/alarms/rules.ts';
import type { Caller } from '#core/api/http/caller.ts';
import type { FleetAlarm } from '#core/ports/alarm-reader.ts';
import type { MetricSpan } from '#core/ports/metric-reader.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const caller = (agents: string[] | null = null): Caller => ({ tenant: 'a', keyId: 'k', scopes: ['fleet'], agents });

const alarm = (
  name: string,
  more: Partial<FleetAlarm> & { readonly service?: string; readonly queue?: string } = {},
): FleetAlarm => {
  const { service = 'fleet-dev-echo', queue, ...rest } = more;
  const dimensions: Record<string, string> = queue === undefined ? { service } : { QueueName: queue };
  return {
    name,
    description: 'Tasks fail.\nSeverity 2 · Owner echo · Runbook docs/runbook.md#error-rate',
    state: 'OK',
    since: NOW - 60_000,
    reason: 'no reason',
    rule: {
      queries: [{ id: 'm1', metric: { namespace: 'agent-fleet', name: 'TasksFailed', dimensions, statistic: 'Sum' } }],
      period: 300,
      threshold: 1,
      comparison: 'GreaterThanThreshold',
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      missing: 'notBreaching',
    },
    composite: undefined,
    ...rest,
  };
};

function ports(...alarms: readonly FleetAlarm[]): AlarmPorts & { readonly spans: MetricSpan[] } {
  const spans: MetricSpan[] = [];
  return {
    spans,
    clock: { now: () => NOW },
    names: { prefix: 'fleet-dev', agents: ['echo', 'owl'] },
    metrics: {
      read: async (queries, span) => {
        spans.push(span);
        return queries.map(({ id }) => ({ id, points: [[NOW - 300_000, 3]] }));
      },
    },
    alarms: {
      alarms: async () => alarms,
      alarm: async (name) => alarms.find((each) => each.name === name) ?? null,
      changesSince: async () => [],
      changes: async () => [{ at: NOW - 60_000, summary: 'Alarm updated from OK to ALARM' }],
    },
  };
}

test('alarms that ring come first, the most severe of them first', async () => {
  const sev = (severity: number) => `Bad.\nSeverity ${severity} · Owner o · Runbook docs/runbook.md#x`;
  const all = ports(
    alarm('a'),
    alarm('b', { state: 'ALARM', description: sev(3) }),
    alarm('c', { state: 'INSUFFICIENT_DATA' }),
    alarm('d', { state: 'ALARM', description: sev(1) }),
    alarm('e', { state: 'ALARM', description: 'Of somebody else.' }),
  );
  const { alarms, asOf } = await listAlarms(all, caller());
  expect(alarms.map(({ name }) => name)).toEqual(['d', 'b', 'e', 'c', 'a']);
  expect(asOf).toBe('2026-11-28T12:00:00.000Z');
});

test('an alarm says what its description and its metrics say', async () => {
  const { alarms } = await listAlarms(ports(alarm('a')), caller());
  expect(alarms).toEqual([
    {
      name: 'a',
      state: 'OK',
      since: '2026-11-28T11:59:00.000Z',
      reason: 'no reason',
      says: 'Tasks fail.',
      severity: 2,
      owner: 'echo',
      runbook: 'docs/runbook.md#error-rate',
      agent: 'echo',
      rule: {
        metrics: [
          {
            namespace: 'agent-fleet',
            name: 'TasksFailed',
            dimensions: { service: 'fleet-dev-echo' },
            statistic: 'Sum',
          },
        ],
        period: 300,
        threshold: 1,
        comparison: 'GreaterThanThreshold',
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
        missing: 'notBreaching',
      },
    },
  ]);
});

test('the agent is found by its metrics and its queues', async () => {
  const all = [
    alarm('a', { service: 'fleet-dev-owl' }),
    alarm('b', { queue: 'fleet-dev-owl-high' }),
    alarm('c', { service: 'fleet-dev-fleet' }),
    alarm('d', { service: 'fleet-prod-owl' }),
  ];
  const { alarms } = await listAlarms(ports(...all), caller());
  expect(alarms.map(({ agent }) => agent)).toEqual(['owl', 'owl', undefined, undefined]);
});

test('a key for some agents sees no alarms of others (I8)', async () => {
  const all = ports(alarm('a'), alarm('b', { service: 'fleet-dev-owl' }), alarm('c', { service: 'fleet-dev-fleet' }));
  expect((await listAlarms(all, caller(['owl']))).alarms.map(({ name }) => name)).toEqual(['b', 'c']);
  await expect(getAlarm(all, caller(['owl']), 'a')).rejects.toMatchObject({ kind: 'not-found' });
  await expect(getAlarm(all, caller(['owl']), 'b')).resolves.toMatchObject({ name: 'b' });
});

test('an alarm has its series and its changes', async () => {
  const all = ports(alarm('a'));
  const found = await getAlarm(all, caller(), 'a');
  expect(found.series).toEqual([[NOW - 300_000, 3]]);
  expect(found.changes).toEqual([{ at: '2026-11-28T11:59:00.000Z', summary: 'Alarm updated from OK to ALARM' }]);
  expect(all.spans).toEqual([{ from: NOW - 60 * 300_000, to: NOW, step: 300 }]);
});

test('a composite alarm has a rule, and the alarms in it with their series', async () => {
  const composite =
    'ALARM("b") AND (OK(\'c d\') OR NOT ALARM("arn:aws:cloudwatch:us-east-1:111122223333:alarm:e")) AND ALARM(b) AND OK(gone)';
  const all = ports(
    alarm('a', { rule: undefined, composite }),
    alarm('b', { state: 'ALARM' }),
    alarm('c d'),
    alarm('e'),
  );
  const found = await getAlarm(all, caller(), 'a');
  expect(found).toMatchObject({ composite, series: [] });
  expect(found.rule).toBeUndefined();
  expect(found.parts).toMatchObject([
    { name: 'b', state: 'ALARM', rule: { threshold: 1 }, series: [[NOW - 300_000, 3]] },
    { name: 'c d', series: [[NOW - 300_000, 3]] },
    { name: 'e', series: [[NOW - 300_000, 3]] },
  ]);
});

test('an alarm on a metric has no parts', async () =>
  expect(await getAlarm(ports(alarm('a')), caller(), 'a')).not.toHaveProperty('parts'));

test('a key for some agents sees no parts of others (I8)', async () => {
  const rule = { rule: undefined, composite: 'ALARM("b") OR ALARM("c")' };
  const all = ports(alarm('a', rule), alarm('b'), alarm('c', { service: 'fleet-dev-owl' }));
  expect((await getAlarm(all, caller(['owl']), 'a')).parts?.map(({ name }) => name)).toEqual(['c']);
});

test('an unknown alarm is not found, and the answer says how to find its name', async () => {
  await expect(getAlarm(ports(), caller(), 'none')).rejects.toMatchObject({
    kind: 'not-found',
    message: 'The alarm "none" was not found. Use a name that GET /alarms or npm run fleet -- alarms --all lists.',
  });
});
