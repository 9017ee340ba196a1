import { beforeAll, describe, expect, it } from 'vitest';
import { loadCore, type Core } from './world/core.ts';
import { PROJECT } from './program/patched-core.ts';
import { planOf, type CrashPoint, type Disturbance, type FaultRates, type Plan, type TaskOrder } from './world/plan.ts';
import { runWorld, type SeedResult } from './world/world.ts';

const TASKS = 6;
const CRASHES: readonly CrashPoint[] = ['before', 'during', 'after'];
const FATES: readonly (keyof FaultRates)[] = ['loseRequest', 'loseReply', 'late'];

/** A world without random faults: six tasks at once on four workers, and a day budget for about four of them. */
function scarce(disturbances: readonly Disturbance[] = []): Plan {
  const base = planOf(1);
  const orders = Array.from({ length: TASKS }, (_, index): TaskOrder => {
    const common = { kind: 'task', at: 0, priority: 'default', cancelAt: null } as const;
    return { ...common, key: `key-${index}`, token: `token-${index}`, tenant: 'big' };
  });
  return {
    ...base,
    faultsUntil: 30 * 60_000,
    rates: { crash: 0, loseRequest: 0, loseReply: 0, slow: 0, late: 0, pause: 0 },
    disturbances,
    skewMs: 0,
    latencyMs: 5,
    workers: 4,
    stalled: null,
    batch: 1,
    timeLimitMs: 300_000,
    visibilityMs: 1_800_000,
    maxReceives: 100,
    duplicates: 0,
    expiry: 0,
    deadlineMs: 6 * 3_600_000,
    day: { tenantUsd: 0.02, agentUsd: 0.024 },
    budget: { tokens: 200_000, usd: 2 },
    toolFailures: 0,
    unanswerable: null,
    model: {
      ...base.model,
      throttled: [],
      transient: 0,
      permanent: 0,
      hanging: 0,
      invalid: 0,
      slowestMs: 2_000,
      toolTurns: 1,
    },
    orders,
    uploads: [],
  };
}

describe('I4: a day budget across workers that is too small for all', () => {
  let core: Core;
  let calm: SeedResult;
  beforeAll(async () => {
    core = await loadCore(PROJECT);
    calm = await runWorld(core, scarce());
  });

  it('lets some tasks succeed, rejects the others, and holds exactly what they were charged in the end', () => {
    expect(calm.violation).toBeNull();
    expect(new Set(calm.ends)).toEqual(new Set(['succeeded', 'failed']));
    expect(calm.ends).toHaveLength(TASKS);
  });

  /** Whatever goes wrong at a call, D1 and D2 hold at every moment and every task ends. */
  async function survives(disturbances: readonly Disturbance[]): Promise<void> {
    const { violation, ends } = await runWorld(core, scarce(disturbances));
    expect({ disturbances, violation }).toMatchObject({ violation: null });
    expect(ends.every((end) => end === 'succeeded' || end === 'failed')).toBe(true);
  }

  it('is never exceeded when a worker dies before, during or after any call', async () => {
    for (let call = 1; call <= calm.calls; call += 1) {
      for (const crash of CRASHES) await survives([{ call, fate: 'crash', crash }]);
    }
    console.info(`${calm.calls} calls, a crash at each, three ways: no day budget was exceeded or under-counted.`);
  }, 120_000);

  it.each(FATES)(
    'is never exceeded when a call has the fate %s',
    async (fate) => {
      for (let call = 1; call <= calm.calls; call += 1) await survives([{ call, fate }]);
    },
    120_000,
  );
});
