import { beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { USUAL_METRICS } from '#lib/monitoring-price.ts';
import type { TaskEvent } from '#core/ports/events.ts';
import { FLEET, healthyPool } from '#core/pools/pool.ts';
import type { PoolGauges } from '#core/sweeper/gauge-pool.ts';
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
    });
    expect(Object.keys(agent).toSorted()).toEqual(USUAL_METRICS.toSorted());
    expect(agent).toMatchObject({ TokensIn: 100, TokensCached: 90, TokensOut: 5, ModelMicroDollars: 500_000 });
    expect(fleet).toMatchObject({ TasksEnded: 1, DispatchTime: 40, ModelMicroDollars: 500_000, TasksQueued: 2 });
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
  const paused = { state: { status: 'paused', at: 1, reason: 'r', by: 'ada' } } as const;

  it('is paused when it was paused itself, and when the fleet was', async () => {
    const fleet = healthyPool(FLEET);
    expect(await measured((use) => use.measureState({ status: 'active' }, fleet))).toEqual({});
    const both = { 'fleet-dev-adder': { PoolPaused: 1 }, 'fleet-dev-fleet': { PoolPaused: 1 } };
    expect(await measured((use) => use.measureState(paused.state, fleet))).toEqual(both);
    expect(await measured((use) => use.measureState({ status: 'active' }, { ...fleet, ...paused }))).toEqual(both);
  });

  it('has the number of tenants that are paused, for the fleet alone', async () => {
    const tenants = { acme: paused, other: paused, free: { state: { status: 'resuming', since: 1 } as const } };
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
    const sum = { held: { usd: 15, tokens: 1 }, spent: { usd: 1, tokens: 1 }, at: 1 };
    const { 'fleet-dev-adder': agent } = await measured((use) => use.measureBudget(sum, 20));
    expect(agent).toEqual({ DayBudgetLeft: 25 });
  });
});
