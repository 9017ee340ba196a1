import { beforeAll, describe, expect, it } from 'vitest';
import { loadCore, type Core } from './world/core.ts';
import { PROJECT } from './program/patched-core.ts';
import { planOf, type CrashPoint, type Disturbance, type FaultRates, type Plan } from './world/plan.ts';
import { runWorld } from './world/world.ts';

/** A healthy world: one task uses tools and has a callback, and two uploads share a document. */
function healthy(): Plan {
  const base = planOf(1);
  const object = { kind: 'object', bytes: 'x', cancelAt: null } as const;
  const callback = 'https://receiver.example/';
  const task = {
    kind: 'task',
    at: 0,
    key: 'key',
    priority: 'high',
    token: 'token-0',
    callback,
    cancelAt: null,
  } as const;
  return {
    ...base,
    seed: 1,
    faultsUntil: 30 * 60_000,
    rates: { crash: 0, loseRequest: 0, loseReply: 0, slow: 0, late: 0, pause: 0 },
    skewMs: 0,
    latencyMs: 5,
    workers: 2,
    stalled: null,
    batch: 1,
    timeLimitMs: 300_000,
    visibilityMs: 1_800_000,
    maxReceives: 100,
    duplicates: 0,
    expiry: 0,
    deadlineMs: 6 * 3_600_000,
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
    orders: [
      task,
      { ...object, at: 500, key: 'a.pdf', request: { id: 'u1', retry: 0 }, token: 'token-1' },
      { ...object, at: 900, key: 'b.pdf', request: { id: 'u2', retry: 0 }, token: 'token-2' },
    ],
    uploads: [],
  };
}

const CRASHES: readonly CrashPoint[] = ['before', 'during', 'after'];
const FATES: readonly (keyof FaultRates)[] = ['loseRequest', 'loseReply', 'slow', 'late', 'pause'];

describe('at every await', () => {
  let core: Core;
  let calls = 0;
  beforeAll(async () => {
    core = await loadCore(PROJECT);
    ({ calls } = await runWorld(core, healthy()));
  });

  it('the undisturbed world makes enough calls to disturb', async () => {
    const { violation, ends } = await runWorld(core, healthy());
    expect({ violation, ends }).toEqual({ violation: null, ends: ['succeeded', 'succeeded'] });
    expect(calls).toBeGreaterThan(40);
  });

  /** Runs the world with faults. Whatever they are, both tasks succeed and all waiters are notified. */
  async function survives(disturbances: readonly Disturbance[]): Promise<void> {
    const { violation, ends } = await runWorld(core, { ...healthy(), disturbances });
    expect({ disturbances, violation, ends }).toMatchObject({ violation: null, ends: ['succeeded', 'succeeded'] });
  }

  it('a crash before, during or after any call loses and duplicates nothing', async () => {
    for (let call = 1; call <= calls; call += 1) {
      for (const crash of CRASHES) await survives([{ call, fate: 'crash', crash }]);
    }
  });

  it.each(FATES)('a call with the fate %s loses and duplicates nothing', async (fate) => {
    for (let call = 1; call <= calls; call += 1) await survives([{ call, fate }]);
  });

  it('crashes at any two calls lose and duplicate nothing', async () => {
    for (let first = 1; first <= calls; first += 1) {
      for (let second = first + 1; second <= calls; second += 2) {
        await survives([
          { call: first, fate: 'crash', crash: 'after' },
          { call: second, fate: 'crash', crash: 'during' },
        ]);
      }
    }
  });
});

/** A healthy world in which a task delegates to tasks that delegate, and use tools. */
function delegating(): Plan {
  const base = healthy();
  const [task] = base.orders;
  const area = { trees: { depth: 2, most: 2, enough: 0, wrong: 0 } } as const;
  // A seed by which the model delegates on both levels.
  return { ...base, seed: 7, orders: task ? [task] : [], area };
}

describe('at every await of a tree', () => {
  let core: Core;
  let calls = 0;
  beforeAll(async () => {
    core = await loadCore(PROJECT);
    ({ calls } = await runWorld(core, delegating()));
  });

  it('the undisturbed world has children and grandchildren', async () => {
    const { violation, ends } = await runWorld(core, delegating());
    expect(violation).toBeNull();
    expect(ends.length).toBeGreaterThan(3);
    expect(new Set(ends)).toEqual(new Set(['succeeded']));
  });

  /** Runs the world with a fault. A task that was accepted succeeds with all below it. @returns how many there were */
  async function survives(disturbance: Disturbance): Promise<number> {
    const { violation, ends } = await runWorld(core, { ...delegating(), disturbances: [disturbance] });
    const others = ends.filter((end) => end !== 'succeeded');
    expect({ disturbance, violation, others }).toEqual({ disturbance, violation: null, others: [] });
    return ends.length;
  }

  it('I14, I15, I16: a crash before, during or after any call makes no child twice, and every parent is woken', async () => {
    let tasks = 0;
    for (let call = 1; call <= calls; call += 1) {
      for (const crash of CRASHES) tasks += await survives({ call, fate: 'crash', crash });
    }
    expect(tasks).toBeGreaterThan(2 * CRASHES.length * calls);
  });

  it.each(FATES)('a call with the fate %s makes no child twice, and every parent is woken', async (fate) => {
    let tasks = 0;
    for (let call = 1; call <= calls; call += 1) tasks += await survives({ call, fate });
    expect(tasks).toBeGreaterThan(2 * calls);
  });
});
