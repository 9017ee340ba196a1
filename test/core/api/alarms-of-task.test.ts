import { expect, test } from 'vitest';
import { getTaskAlarms, type TaskAlarmPorts } from '#core/api/alarms/of-task.ts';
import type { Caller } from '#core/api/http/caller.ts';
import type { FleetAlarm, StateChange } from '#core/ports/alarm-reader.ts';
import type { Task } from '#core/tasks/task.ts';
import { sampleTask, succeeded } from '../../contract/samples.ts';
import { inMemoryTaskStore } from '../../support/fakes/in-memory-task-store.ts';

const START = Date.parse('2026-11-28T12:00:00Z');
const MINUTE = 60_000;
const at = (minute: number): number => START + minute * MINUTE;
const iso = (minute: number): string => new Date(at(minute)).toISOString();
/** The task is accepted in minute 0 and ends in minute 10; now is minute 60. */
const task = sampleTask({ agent: 'echo', createdAt: at(0), state: succeeded(at(10)) });

const caller = (change: Partial<Caller> = {}): Caller => ({
  tenant: 'acme',
  keyId: 'k',
  scopes: ['fleet'],
  agents: null,
  ...change,
});

interface Made extends Partial<FleetAlarm> {
  readonly service?: string;
  readonly severity?: number;
  readonly owner?: string;
}

function alarm(name: string, { service = 'fleet-echo', severity = 2, owner = 'demo', ...more }: Made = {}): FleetAlarm {
  const metric = { namespace: 'agent-fleet', name: 'TasksFailed', dimensions: { service }, statistic: 'Sum' };
  return {
    name,
    description: `Tasks fail.\nSeverity ${severity} · Owner ${owner} · Runbook docs/runbook.md#error-rate`,
    state: 'OK',
    since: at(-100),
    reason: '',
    rule: {
      queries: [{ id: 'm1', metric }],
      period: 300,
      threshold: 1,
      comparison: 'GreaterThanThreshold',
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      missing: 'notBreaching',
    },
    composite: undefined,
    ...more,
  };
}

type Changes = Readonly<Record<string, readonly StateChange[]>>;

async function ports(alarms: readonly FleetAlarm[], changes: Changes = {}, stored: Task = task) {
  const store = inMemoryTaskStore();
  await store.create(stored);
  const asked: string[] = [];
  const made: TaskAlarmPorts = {
    store,
    clock: { now: () => at(60) },
    names: { prefix: 'fleet', agents: ['echo', 'owl'] },
    alarms: {
      alarms: async () => alarms,
      alarm: async () => null,
      changes: async () => [],
      changesSince: async (name, since) => {
        asked.push(name);
        return (changes[name] ?? []).filter((change) => change.at >= since);
      },
    },
  };
  return { ports: made, asked };
}

const rings = (minute: number): StateChange => ({ at: at(minute), before: 'OK', after: 'ALARM' });
const ends = (minute: number): StateChange => ({ at: at(minute), before: 'ALARM', after: 'OK' });
const RANG = { state: 'OK', since: at(59) } as const;

test('an alarm of the task is one that rang at any time between its acceptance and its end', async () => {
  const alarms = ['during', 'before', 'twice', 'after', 'earlier'].map((name) => alarm(name, RANG));
  const { ports: all } = await ports(alarms, {
    during: [rings(4), ends(6)],
    before: [ends(2)],
    twice: [rings(1), ends(2), rings(9), ends(40)],
    after: [rings(30), ends(32)],
    earlier: [{ at: at(59), before: 'INSUFFICIENT_DATA', after: 'OK' }],
  });
  const found = await getTaskAlarms(all, caller(), task.id);
  expect(found.alarms.map(({ name, rang }) => [name, rang])).toEqual([
    ['before', [{ from: iso(0), until: iso(2) }]],
    [
      'twice',
      [
        { from: iso(1), until: iso(2) },
        { from: iso(9), until: iso(40) },
      ],
    ],
    ['during', [{ from: iso(4), until: iso(6) }]],
  ]);
  expect(found).toMatchObject({ from: iso(0), to: iso(10), asOf: iso(60) });
});

test('an alarm also counts that rings when the period in which the task ended is evaluated', async () => {
  const alarms = [alarm('within', RANG), alarm('later', RANG)];
  const { ports: all } = await ports(alarms, { within: [rings(17), ends(30)], later: [rings(18), ends(30)] });
  const found = await getTaskAlarms(all, caller(), task.id);
  expect(found.alarms.map(({ name }) => name)).toEqual(['within']);
});

test('the history is read only of alarms that have changed since the acceptance', async () => {
  const alarms = [
    alarm('quiet'),
    alarm('ringing', { state: 'ALARM', since: at(-5) }),
    alarm('since', { state: 'ALARM', since: at(5) }),
  ];
  const { ports: all, asked } = await ports(alarms);
  const found = await getTaskAlarms(all, caller(), task.id);
  expect(found.alarms.map(({ name, rang }) => [name, rang])).toEqual([
    ['ringing', [{ from: iso(0) }]],
    ['since', [{ from: iso(5) }]],
  ]);
  expect(asked).toEqual(['since']);
});

test('alarms of the agent, its system and the fleet concern a task, the most severe first', async () => {
  const other = { service: 'fleet-other', state: 'ALARM' } as const;
  const alarms = [
    alarm('own', { state: 'ALARM', severity: 3 }),
    alarm('system', other),
    alarm('fleet', { ...other, owner: 'platform', severity: 1 }),
    alarm('composite', { state: 'ALARM', owner: 'api', rule: undefined, composite: 'ALARM(x)' }),
    alarm('other system', { ...other, owner: 'zoo' }),
    alarm('other agent', { state: 'ALARM', service: 'fleet-owl' }),
    alarm('of somebody', { ...other, description: 'Of a stack of your own.' }),
  ];
  const { ports: all } = await ports(alarms);
  const found = await getTaskAlarms(all, caller(), task.id);
  expect(found.alarms.map(({ name }) => name)).toEqual(['fleet', 'system', 'composite', 'own']);
});

test('a task that runs has the alarms until now', async () => {
  const running = sampleTask({ agent: 'echo', createdAt: at(0) });
  const { ports: all } = await ports([alarm('late', RANG)], { late: [rings(55), ends(59)] }, running);
  const found = await getTaskAlarms(all, caller(), running.id);
  expect(found).toMatchObject({ to: iso(60), alarms: [{ name: 'late' }] });
});

test('I8: another tenant’s task is not found, nor is one that the key’s agents do not have', async () => {
  const { ports: all } = await ports([alarm('own', { state: 'ALARM' })]);
  await expect(getTaskAlarms(all, caller({ tenant: 'other' }), task.id)).rejects.toMatchObject({ kind: 'not-found' });
  await expect(getTaskAlarms(all, caller({ agents: ['owl'] }), task.id)).rejects.toMatchObject({ kind: 'not-allowed' });
});
