import { describe, expect, it } from 'vitest';
import { getRun } from '#core/api/runs/rules.ts';
import type { AuditEntry } from '#core/audit/entry.ts';
import { dayOf } from '#core/budgets/day-budget.ts';
import { costOf, treeCostOf } from '#core/tasks/cost.ts';
import { inMemoryRunStore } from '../../support/fakes/in-memory-run-store.ts';
import { both, family } from '../../support/tree-harness.ts';

const states = (read: readonly Record<string, unknown>[]): unknown[] => read.map(({ state }) => state);

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
