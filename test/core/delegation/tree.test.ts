import { describe, expect, it } from 'vitest';
import { dayOf } from '#core/budgets/day-budget.ts';
import type { AuditEntry } from '#core/audit/entry.ts';
import { getRun } from '#core/api/runs/rules.ts';
import { cancelTask } from '#core/api/tasks/cancel-task.ts';
import { defineAgent } from '#core/agents/define-agent.ts';
import { LEASE_MS } from '#core/tasks/claim.ts';
import { costOf, treeCostOf } from '#core/tasks/cost.ts';
import type { TaskId } from '#core/tasks/task.ts';
import { inMemoryRunStore } from '../../support/fakes/in-memory-run-store.ts';
import {
  counter,
  delegating,
  doubler,
  doublerOptions,
  lead,
  leadOptions,
  resultsRead,
  treeHarness,
} from '../../support/tree-harness.ts';

const both = {
  tasks: [
    { to: 'count', input: { numbers: [1, 2] } },
    { to: 'double', input: { numbers: [3] } },
  ],
};

function family(request: unknown = both, agent = lead, doubles: () => object = () => ({ json: { sum: 6 } })) {
  const read: Record<string, unknown>[] = [];
  const h = treeHarness([agent, counter, doubler], {
    'Lead.': (asked) => {
      if (asked.messages.length === 1) return delegating(request);
      read.push(...resultsRead(asked));
      return { json: { done: true } };
    },
    'Count.': () => ({ json: { sum: 3 } }),
    'Double.': () => doubles() as { json: unknown },
  });
  const statuses = (id: TaskId): string[] => h.children(id).map(({ state }) => state.status);
  return { ...h, read, statuses };
}

const states = (read: readonly Record<string, unknown>[]): unknown[] => read.map(({ state }) => state);

describe('the end of a parent', () => {
  it('cancels its children', async () => {
    const h = family();
    const id = await h.begin();
    await h.workOne('lead');
    await cancelTask(h.ports, await h.task(id));
    await h.workAll();
    expect((await h.task(id)).state.status).toBe('cancelled');
    expect(h.statuses(id)).toEqual(['cancelled', 'cancelled']);
    expect(h.model.requests).toHaveLength(1);
  });

  it('passes its deadline down: it concludes before, and what has not ended is cancelled', async () => {
    const h = family();
    const id = await h.begin({ deadline: h.clock.now() + 400_000 });
    await h.workOne('lead');
    await h.workOne('counter');
    const { delegation, deadline } = await h.task(id);
    expect(delegation?.until).toBe(deadline - 100_000);
    expect(h.children(id).map((child) => child.deadline)).toEqual([deadline - 100_000, deadline - 100_000]);
    h.clock.advance(300_000);
    await h.workAll(['lead']);
    expect(states(h.read)).toEqual(['succeeded', 'cancelled']);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('cancels a child that was created by a worker that did not know', async () => {
    const h = family();
    const id = await h.begin();
    const born = Promise.withResolvers<void>();
    const mayGoOn = Promise.withResolvers<void>();
    const create: typeof h.store.create = async (task) => {
      born.resolve();
      await mayGoOn.promise;
      return h.store.create(task);
    };
    // It stalls until its lease has run out.
    const replace: typeof h.store.replace = async (next) => {
      if (stalled) throw new Error('stalled');
      return h.store.replace(next);
    };
    let stalled = false;
    const slow = h.workOne('lead', { store: { ...h.store, create, replace } });
    await born.promise;
    stalled = true;
    h.clock.advance(LEASE_MS + 1);
    await cancelTask(h.ports, await h.task(id));
    await h.workAll();
    mayGoOn.resolve();
    await slow.catch(() => undefined);
    expect(h.statuses(id)).toEqual(['queued', 'queued']);
    await h.workAll();
    expect(h.statuses(id)).toEqual(['cancelled', 'cancelled']);
    expect(h.model.requests).toHaveLength(1);
  });
});

describe('a failed child', () => {
  it('is seen by its parent with the reason', async () => {
    const failure = { kind: 'permanent', reason: 'The numbers are too odd.' };
    const h = family(both, lead, () => ({ failure }));
    const id = await h.begin();
    await h.workAll();
    expect(h.read[1]).toMatchObject({ to: 'double', state: 'failed', reason: failure.reason });
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('an escalated one is seen with its reason and its output', async () => {
    const unsure = defineAgent({ ...doublerOptions, escalate: () => ({ reason: 'not sure' }) });
    const agent = defineAgent({ ...leadOptions, delegates: { count: counter, double: unsure } });
    const read: Record<string, unknown>[] = [];
    const h = treeHarness([agent, counter, unsure], {
      'Lead.': (asked) => {
        if (asked.messages.length === 1) return delegating(both);
        read.push(...resultsRead(asked));
        return { json: { done: true } };
      },
      'Count.': () => ({ json: { sum: 3 } }),
      'Double.': () => ({ json: { sum: 6 } }),
    });
    const id = await h.begin();
    await h.workAll();
    expect(read[1]).toMatchObject({
      state: 'escalated',
      reason: 'not sure',
      output: { sum: 6 },
    });
    expect((await h.task(id)).state).toMatchObject({ output: { done: true } });
  });
});

describe('enough', () => {
  it('lets the parent go on after so many successes, and cancels the rest', async () => {
    const h = family({ ...both, enough: 1 });
    const id = await h.begin();
    await h.workOne('lead');
    await h.workOne('counter');
    await h.workAll(['lead']);
    expect(states(h.read)).toEqual(['succeeded', 'cancelled']);
    expect((await h.task(id)).state.status).toBe('succeeded');
    await h.workAll();
    expect(h.statuses(id)).toEqual(['succeeded', 'cancelled']);
  });

  it('is not reached when all have failed', async () => {
    const h = family({ ...both, enough: 2 }, lead, () => ({ failure: { kind: 'permanent', reason: 'odd' } }));
    await h.begin();
    await h.workAll();
    expect(states(h.read)).toEqual(['succeeded', 'failed']);
  });
});

describe('I15: a parent is woken', () => {
  it('when its children end before it is parked', async () => {
    const h = family();
    const id = await h.begin();
    let parked = 0;
    const replace: typeof h.store.replace = async (next) => {
      if (next.id === id && next.state.status === 'parked' && (parked += 1) === 1)
        await h.workAll(['counter', 'doubler']);
      return h.store.replace(next);
    };
    await h.workOne('lead', { store: { ...h.store, replace } });
    expect(h.statuses(id)).toEqual(['succeeded', 'succeeded']);
    await h.workAll(['lead']);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('by the sweeper, when its children end before it is parked and its worker dies then', async () => {
    const h = family();
    const id = await h.begin();
    let parked = false;
    const replace: typeof h.store.replace = async (next) => {
      if (parked) throw new Error('the worker dies');
      parked = next.id === id && next.state.status === 'parked';
      if (parked) await h.workAll(['counter', 'doubler']);
      return h.store.replace(next);
    };
    const get: typeof h.store.get = async (wanted) => {
      if (parked) throw new Error('the worker dies');
      return h.store.get(wanted);
    };
    await expect(h.workOne('lead', { store: { ...h.store, get, replace } })).rejects.toThrow('dies');
    expect((await h.task(id)).state.status).toBe('parked');
    h.clock.advance(61_000);
    await h.sweep();
    await h.workAll(['lead']);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('by the sweeper, when the worker of the last child dies before it tells', async () => {
    const h = family();
    const id = await h.begin();
    await h.workOne('lead');
    await h.workOne('counter');
    const get: typeof h.store.get = async (wanted) => {
      const ended = h.children(id).every(({ state }) => state.status === 'succeeded');
      if (wanted === id && ended) throw new Error('the worker dies');
      return h.store.get(wanted);
    };
    await expect(h.workOne('doubler', { store: { ...h.store, get } })).rejects.toThrow('dies');
    expect(h.statuses(id)).toEqual(['succeeded', 'succeeded']);
    expect((await h.task(id)).state.status).toBe('parked');
    h.clock.advance(61_000);
    await h.sweep();
    await h.workAll(['lead']);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });
});

describe('I16: one budget over the tree', () => {
  it('reserves the children before they start, and settles what they truly cost', async () => {
    const h = family();
    const id = await h.begin({ budget: { usd: 1, tokens: 100_000 } });
    await h.workOne('lead');
    const children = h.children(id);
    expect(children.map(({ budget }) => budget.tokens)).toEqual([39_560, 39_560]);
    expect(treeCostOf(await h.task(id)).tokens).toBe(1_100 + 2 * 39_560);
    await h.workAll();
    const ended = await h.task(id);
    const spent = h.children(id).map(costOf);
    expect(ended.spend.delegated).toEqual({ tokens: 2_200, usd: (spent[0]?.usd ?? 0) + (spent[1]?.usd ?? 0) });
    expect(costOf(ended).tokens).toBe(2_200);
    expect(treeCostOf(ended).tokens).toBe(4_400);
  });

  it("is part of what the parent's run has spent", async () => {
    const h = family();
    await h.begin({ runId: 'spring', budget: { usd: 1, tokens: 100_000 } });
    await h.workAll();
    const run = { id: 'spring', tenant: 'default', createdAt: 0, size: 1, digest: 'arn', execution: 'arn' };
    const caller = { tenant: 'default', agents: null } as Parameters<typeof getRun>[1];
    const { spent } = await getRun({ ...h.ports, runs: inMemoryRunStore(run) }, caller, 'spring');
    expect(spent.tokens).toBe(4_400);
  });

  it('counts each call once on the day budgets', async () => {
    const h = family();
    await h.limits.setTenant('default', { dayUsd: 100 });
    await h.begin();
    await h.workAll();
    const total = h.store.all().reduce((sum, task) => sum + costOf(task).usd, 0);
    const counter = { of: 'tenant', name: 'default', day: dayOf(h.clock.now()) } as const;
    const { spent, held } = await h.daySpend.read(counter);
    expect(spent.usd).toBeCloseTo(total, 9);
    expect(held.usd).toBeCloseTo(total, 9);
  });

  it('what does not pay for a call of each pays for one after the other', async () => {
    const h = family();
    const id = await h.begin({ budget: { usd: 1, tokens: 5_000 } });
    await h.workOne('lead');
    expect(h.children(id).map(({ agent, budget }) => [agent, budget.tokens])).toEqual([['counter', 3_120]]);
    await h.workOne('counter');
    await h.workOne('lead');
    // What the first one has spent is kept, and the rest of the four fifths is for the second.
    const { delegation, children } = await h.task(id);
    expect(delegation?.children.map(({ to, budget }) => [to, budget.tokens])).toEqual([
      ['count', 1_100],
      ['double', 2_020],
    ]);
    expect(children).toEqual(h.children(id).map((child) => child.id));
    expect(h.children(id).map(({ parent }) => parent?.index)).toEqual([0, 1]);
    await h.workAll();
    expect(states(h.read)).toEqual(['succeeded', 'succeeded']);
    expect(treeCostOf(await h.task(id)).tokens).toBe(4_400);
  });

  it('a task that cannot be paid for does not begin, and its parent reads so at its place', async () => {
    const h = family({ tasks: both.tasks.toReversed() });
    const id = await h.begin({ budget: { usd: 1, tokens: 4_000 } });
    await h.workAll();
    expect(h.children(id).map(({ agent, state }) => [agent, state.status])).toEqual([['doubler', 'succeeded']]);
    const reason = expect.stringContaining('does not pay for one call') as string;
    expect(h.read).toEqual([
      { to: 'double', task: h.children(id)[0]?.id, state: 'succeeded', output: { sum: 6 } },
      { to: 'count', state: 'unfinished', reason },
    ]);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('a task that is not needed any more does not begin', async () => {
    const h = family({ ...both, enough: 1 });
    const id = await h.begin({ budget: { usd: 1, tokens: 5_000 } });
    await h.workAll();
    expect(h.children(id).map(({ agent }) => agent)).toEqual(['counter']);
    expect(states(h.read)).toEqual(['succeeded', 'unfinished']);
  });

  it('nothing is delegated when there is no call for any', async () => {
    const h = family();
    const id = await h.begin({ budget: { usd: 1, tokens: 2_500 } });
    await h.workOne('lead');
    expect(h.children(id)).toEqual([]);
    const step = (await h.store.steps(id)).find(({ kind }) => kind === 'tool');
    expect(step).toMatchObject({ isError: true, content: expect.stringContaining('has not enough left') as string });
  });
});

describe('I14: a crash', () => {
  it.each([
    ['that delegates', 200_000],
    ['that goes on with the tasks for which there was not enough', 5_000],
  ])('at any write of the claim %s makes no child twice, and loses none', async (_, tokens) => {
    for (let at = 1; ; at += 1) {
      const h = family();
      const id = await h.begin({ budget: { usd: 1, tokens } });
      if (tokens === 5_000) for (const name of ['lead', 'counter']) await h.workOne(name);
      let writes = 0;
      /** Every call from the n-th on fails: the worker is dead. */
      const alive = async (): Promise<void> => {
        if ((writes += 1) >= at) throw new Error('the worker dies');
      };
      const store: typeof h.store = {
        ...h.store,
        create: (task) => alive().then(() => h.store.create(task)),
        replace: (task) => alive().then(() => h.store.replace(task)),
        putStep: (step) => alive().then(() => h.store.putStep(step)),
      };
      const audit = { record: (entry: AuditEntry) => alive().then(() => h.audit.record(entry)) };
      const queue: typeof h.queue = { ...h.queue, send: (task, ms) => alive().then(() => h.queue.send(task, ms)) };
      const died = await h.workOne('lead', { store, audit, queue }).then(
        () => writes >= at,
        () => true,
      );
      for (let minute = 0; minute < 8; minute += 1) {
        h.clock.advance(60_000);
        await h.sweep();
        await h.workAll();
      }
      expect((await h.task(id)).state.status, `dies at write ${at}`).toBe('succeeded');
      expect(h.statuses(id)).toEqual(['succeeded', 'succeeded']);
      expect((await h.task(id)).children).toEqual(h.children(id).map((child) => child.id));
      if (!died) break;
    }
  });
});
