import { beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { failureKind } from '#core/failures/failure.ts';
import { agentMetrics, FLEET_METRICS } from '#core/metrics/names.ts';
import type { TaskEvent } from '#core/ports/events.ts';
import { FLEET, healthyPool } from '#core/pools/pool.ts';
import type { PoolGauges } from '#core/sweeper/gauge-pool.ts';
import { PARK_CAUSES } from '#core/tasks/park-cause.ts';
import type { Task } from '#core/tasks/task.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const lineSchema = z
  .object({ service: z.string(), _aws: z.object({ CloudWatchMetrics: z.array(z.unknown()) }) })
  .catchall(z.unknown());

/** By service, the metrics that the lines of a function have. */
type Measured = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Measures with fresh modules, since they read their variables once. */
async function measured(act: (use: Modules) => void): Promise<Measured> {
  const { fleetMetrics, metrics, publishMetrics } = await import('#runtime/observability/emf.ts');
  const { measure } = await import('#runtime/observability/measure.ts');
  const sweep = await import('#functions/sweep/measure.ts');
  const lines: string[] = [];
  for (const each of [metrics, fleetMetrics])
    vi.spyOn(each as unknown as { console: Console }, 'console', 'get').mockReturnValue({
      ...console,
      log: (line: string) => void lines.push(line),
    });
  act({ measure, ...sweep });
  publishMetrics();
  return Object.fromEntries(
    lines.map((line) => {
      const { service, _aws: _, ...values } = lineSchema.parse(JSON.parse(line));
      return [service, values];
    }),
  );
}

type Modules = Pick<typeof import('#runtime/observability/measure.ts'), 'measure'> &
  typeof import('#functions/sweep/measure.ts');

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'fleet-dev-adder');
  vi.stubEnv('FLEET_SERVICE', 'fleet-dev-fleet');
  return () => void vi.unstubAllEnvs();
});

const usage = { input: 10, output: 5, cacheRead: 90, cacheWrite: 0 };
const ANSWERED: TaskEvent = {
  type: 'model.answered',
  model: 'm',
  requestId: 'r',
  usage,
  usd: 0.5,
  savedUsd: 0.1,
  ms: 900,
};
const CLAIMED: TaskEvent = { type: 'task.claimed', epoch: 1, waitedMs: 40 };
const FINISHED: TaskEvent = { type: 'task.finished', status: 'succeeded', ms: 1_000 };

async function task(change: Partial<Task> = {}): Promise<Task> {
  return { ...(await workerHarness([{ json: { sum: 3 } }]).accept()), epoch: 1, ...change };
}

const IDLE: PoolGauges = { running: 0, queued: 0, waiting: {}, unclaimed: 0, stuck: [] };

const PAUSED = { state: { status: 'paused', at: 1, reason: 'r', by: 'ada' } } as const;
const SPENT = { held: { usd: 15, tokens: 1 }, spent: { usd: 1, tokens: 1 }, at: 1 };
const STUCK = { tenant: 'acme', sessionId: 's', head: undefined };
const ALL_WAIT = { waiting: Object.fromEntries(PARK_CAUSES.map((cause) => [cause, 1])) };
/** Every event that is measured, with everything that its metric's name depends on. */
const EVERYTHING: readonly TaskEvent[] = [
  { ...CLAIMED, waitedMs: 60_001 },
  ...(['succeeded', 'failed', 'cancelled', 'escalated'] as const).map((status) => ({ ...FINISHED, status })),
  { ...FINISHED, status: 'failed', failureKind: 'crashed' },
  ...PARK_CAUSES.map((cause): TaskEvent => ({ type: 'task.parked', cause, until: 1, reason: 'r' })),
  ANSWERED,
  ...failureKind.options.map((kind): TaskEvent => ({ type: 'model.failed', model: 'm', failureKind: kind, ms: 1 })),
  { type: 'model.lost', model: 'm', lostUsd: 1, step: 0, epoch: 1 },
  { type: 'answer.refused' },
  { type: 'answer.by-code' },
  { type: 'task.upgraded', to: 'deep', reason: 'r' },
  { type: 'slot.given', model: 'm', ms: 1, parked: true },
  { type: 'slot.given', model: 'm', ms: 1, parked: false },
  { type: 'budget.refused', of: 'tenant' },
  { type: 'budget.refused', of: 'agent' },
  { type: 'usage.lost' },
  { type: 'tool.ran', tool: 't', isError: true, ms: 3 },
];

describe('the metrics of a task', () => {
  it('are those that the price of monitoring is computed with, by agent and for the fleet', async () => {
    const done = await task();
    const { 'fleet-dev-adder': agent = {}, 'fleet-dev-fleet': fleet = {} } = await measured((use) => {
      const events: TaskEvent[] = [
        CLAIMED,
        { type: 'slot.given', model: 'm', ms: 1, parked: false },
        ANSWERED,
        { type: 'tool.ran', tool: 't', isError: false, ms: 3 },
        FINISHED,
      ];
      for (const event of events) use.measure(done, event);
      use.measureGauges({ ...IDLE, running: 1, queued: 2 });
      use.measureSweep();
    });
    expect(Object.keys(agent).toSorted()).toEqual(agentMetrics({ model: true, tools: true }).usual.toSorted());
    expect(Object.keys(fleet).toSorted()).toEqual(FLEET_METRICS.usual.toSorted());
    expect(agent).toMatchObject({ TokensIn: 100, TokensCached: 90, TokensOut: 5, ModelMicroDollars: 500_000 });
    expect(fleet).toMatchObject({ TasksEnded: 1, DispatchTime: 40, ModelMicroDollars: 500_000, TasksQueued: 2 });
  });

  it.each<[string, TaskEvent, number | undefined]>([
    [
      'a call that broke off and may have been billed is spent',
      { type: 'model.failed', model: 'm', failureKind: 'transient', ms: 1, lostUsd: 0.25 },
      250_000,
    ],
    [
      'a call that was certainly not billed is not',
      { type: 'model.failed', model: 'm', failureKind: 'throttled', ms: 1 },
      undefined,
    ],
    [
      'the call of a worker that died is spent',
      { type: 'model.lost', model: 'm', lostUsd: 0.25, step: 0, epoch: 1 },
      250_000,
    ],
  ])('%s', async (_, event, micro) => {
    const one = await task();
    const { 'fleet-dev-adder': agent, 'fleet-dev-fleet': fleet } = await measured((use) => use.measure(one, event));
    expect([agent?.['ModelMicroDollars'], fleet?.['ModelMicroDollars']]).toEqual([micro, micro]);
  });

  it('are in the most that monitoring may cost, whatever happens', async () => {
    const one = await task();
    const { 'fleet-dev-adder': agent = {}, 'fleet-dev-fleet': fleet = {} } = await measured((use) => {
      for (const event of EVERYTHING) use.measure(one, event);
      use.measureGauges({ ...IDLE, ...ALL_WAIT, running: 1, queued: 2, unclaimed: 1, stuck: [STUCK] });
      use.measureState({ status: 'active' }, { ...healthyPool(FLEET), ...PAUSED, tenants: { acme: PAUSED } });
      use.measureState({ status: 'open', reason: 'r', until: 1, opens: 1 }, healthyPool(FLEET));
      use.measureBudget(SPENT, 20);
      use.measureSweep();
    });
    const { usual, rare } = agentMetrics({ model: true, tools: true });
    // A record that cannot be read is no event of a task.
    expect([...Object.keys(agent), 'RecordsUnreadable'].toSorted()).toEqual([...usual, ...rare].toSorted());
    expect(Object.keys(fleet).toSorted()).toEqual([...FLEET_METRICS.usual, ...FLEET_METRICS.rare].toSorted());
  });

  it('have neither tenant nor model nor run as a dimension', async () => {
    const done = await task({ tenant: 'acme' });
    expect(JSON.stringify(await measured((use) => use.measure(done, ANSWERED)))).not.toMatch(/acme|"m"/);
  });

  it.each([
    [
      'the first claim after a minute is slow',
      {},
      { ...CLAIMED, waitedMs: 60_001 },
      { DispatchTime: 60_001, DispatchSlow: 1 },
    ],
    ['a later claim is no dispatch', {}, { ...CLAIMED, epoch: 2 }, {}],
    ['tasks of a run wait for each other', { runId: 'run-1' }, CLAIMED, {}],
    ['economy tasks wait for a batch', { priority: 'economy' as const }, CLAIMED, {}],
    [
      'a crash is a failure of the fleet',
      {},
      { ...FINISHED, status: 'failed', failureKind: 'crashed' as const },
      { TasksEnded: 1, FleetFailures: 1 },
    ],
    [
      'a refused input is none',
      {},
      { ...FINISHED, status: 'failed', failureKind: 'permanent' as const },
      { TasksEnded: 1 },
    ],
    ['a cancelled task did not end by itself', {}, { ...FINISHED, status: 'cancelled' }, {}],
  ])('%s', async (_, change, event, expected) => {
    const one = await task(change);
    const { 'fleet-dev-fleet': fleet = {} } = await measured((use) => use.measure(one, event));
    const judged = Object.entries(fleet).filter(([name]) => /^(Dispatch|TasksEnded|FleetFailures)/.test(name));
    expect(Object.fromEntries(judged)).toEqual(expected);
  });
});

describe('the state of a pool', () => {
  it('is paused when it was paused itself, and when the fleet was', async () => {
    const fleet = healthyPool(FLEET);
    expect(await measured((use) => use.measureState({ status: 'active' }, fleet))).toEqual({});
    const both = { 'fleet-dev-adder': { PoolPaused: 1 }, 'fleet-dev-fleet': { PoolPaused: 1 } };
    expect(await measured((use) => use.measureState(PAUSED.state, fleet))).toEqual(both);
    expect(await measured((use) => use.measureState({ status: 'active' }, { ...fleet, ...PAUSED }))).toEqual(both);
  });

  it('has the number of tenants that are paused, for the fleet alone', async () => {
    const tenants = { acme: PAUSED, other: PAUSED, free: { state: { status: 'resuming', since: 1 } as const } };
    const fleet = { ...healthyPool(FLEET), tenants };
    expect(await measured((use) => use.measureState({ status: 'active' }, fleet))).toEqual({
      'fleet-dev-fleet': { TenantsPaused: 2 },
    });
  });
});

describe('the gauges of a sweeper', () => {
  it('are written only where there is something', async () => {
    expect(await measured((use) => use.measureGauges(IDLE))).toEqual({});
    const busy = { ...IDLE, waiting: { 'tenant-cap': 2, throttled: 1 }, unclaimed: 3 };
    const { 'fleet-dev-adder': agent } = await measured((use) => use.measureGauges(busy));
    expect(agent).toEqual({ TasksWaiting: 3, TasksWaitingTenantCap: 2, TasksWaitingThrottled: 1, TasksUnclaimed: 3 });
  });

  it('have what is left of a day budget', async () => {
    const { 'fleet-dev-adder': agent } = await measured((use) => use.measureBudget(SPENT, 20));
    expect(agent).toEqual({ DayBudgetLeft: 25 });
  });
});
