import { describe, expect, it } from 'vitest';
import { defineAgent } from '#core/agents/define-agent.ts';
import { stampOf } from '#core/agents/definition.ts';
import { collect } from '#core/economy/collect.ts';
import { inMemoryBatchModel } from '../../support/fakes/in-memory-batch-model.ts';
import type { Line } from '../../support/fakes/scripted-model.ts';
import { adder, adderOptions, workerHarness } from '../../support/worker-harness.ts';

const searcher = defineAgent({ ...adderOptions, search: { maxUses: 3 }, budget: { tokens: 400_000, usd: 0.5 } });

const USAGE = { input: 1_000, output: 100, cacheRead: 0, cacheWrite: 0 };
const search = { type: 'search', sealed: '{"a":1}', found: [{ url: 'http://acme.test/', title: 'Acme' }] } as const;
const pause = (searches: number): Line => ({
  answer: { content: [search], stopReason: 'paused', usage: { ...USAGE, searches } },
});

describe('an agent that searches the web', () => {
  it('goes on after a pause by a step of its own, with what is left of its searches', async () => {
    const h = workerHarness([pause(2), pause(1), { json: { sum: 3 } }], searcher);
    const { id } = await h.accept();
    await h.deliver(id);
    expect(h.model.requests.map(({ search }) => search?.maxUses)).toEqual([3, 1, 1]);
    expect(h.model.requests.at(-1)?.messages.at(-1)).toEqual({ role: 'assistant', content: [search, search] });
    const task = await h.task(id);
    expect(task.steps).toHaveLength(3);
    expect(task.state).toMatchObject({ status: 'succeeded', output: { sum: 3 } });
  });

  it('I4: pays the fee of each search beside its tokens', async () => {
    const h = workerHarness([pause(2), { json: { sum: 3 } }], searcher);
    const { id } = await h.accept();
    await h.deliver(id);
    const quiet = workerHarness([{ json: { sum: 3 } }], searcher);
    const other = await quiet.accept();
    await quiet.deliver(other.id);
    const [{ spend }, without] = [await h.task(id), (await quiet.task(other.id)).spend.usd];
    expect(spend.usage.searches).toBe(2);
    expect(spend.usd - 2 * without).toBeCloseTo(0.02, 6);
  });

  it('I4: searches once if its budget does not pay for all its searches', async () => {
    const h = workerHarness([pause(1), { json: { sum: 3 } }], searcher);
    const { id } = await h.accept({ budget: { tokens: 400_000, usd: 0.03 } });
    await h.deliver(id);
    expect(h.model.requests.map(({ search }) => search?.maxUses)).toEqual([1, 1]);
    const task = await h.task(id);
    expect(task.state).toMatchObject({ status: 'succeeded', output: { sum: 3 } });
    expect(task.spend.usd).toBeLessThan(0.03);
  });

  it('I4: makes no call whose searches its budget does not pay for', async () => {
    const h = workerHarness([{ json: { sum: 3 } }], searcher);
    const { id } = await h.accept({ budget: { tokens: 400_000, usd: 0.01 } });
    await h.deliver(id);
    expect(h.model.requests).toEqual([]);
    expect((await h.task(id)).state).toMatchObject({
      failure: { kind: 'over-budget', reason: expect.stringContaining('with 1 web search ') as string },
    });
  });

  it('searches in a batch too, for the same fee', async () => {
    const h = workerHarness([{ json: { sum: 3 } }], searcher);
    const { id } = await h.accept({ priority: 'economy', deadline: h.clock.now() + 48 * 3_600_000 });
    const batchModel = inMemoryBatchModel(
      ({ customId }) => ({ customId, kind: 'expired' }),
      () => h.clock.now(),
    );
    const ports = { ...h.ports, batchModel, polls: { start: () => Promise.resolve() } };
    expect(await collect(ports, [searcher], () => true)).toEqual({ batches: 1, entries: 1 });
    expect(batchModel.made.flatMap(({ entries }) => entries)).toMatchObject([{ request: { search: { maxUses: 3 } } }]);
    expect((await h.task(id)).reservation?.usd).toBeGreaterThan(0.03);
  });

  it('is another definition than one that does not', () => {
    const [with3, without] = [searcher, adder].map((agent) => stampOf(agent, (text) => text));
    expect(with3).toMatchObject({ search: 'at most 3' });
    expect(without).not.toHaveProperty('search');
  });

  it.each([{ maxUses: 0 }, { maxUses: 11 }, { maxUses: 1.5 }])(
    'has a sensible number of searches, not %o',
    (search) => {
      expect(() => defineAgent({ ...adderOptions, search })).toThrow(/search\.maxUses/);
    },
  );
});
