import { describe, expect, it } from 'vitest';
import { agentCard } from '#core/agents/agent-card.ts';
import { listDeadLetters, redriveDeadLetters } from '#core/api/pools/dead-letters.ts';
import { sampleTask } from '../../contract/samples.ts';
import { inMemoryRunStore } from '../../support/fakes/in-memory-run-store.ts';
import { adder, workerHarness } from '../../support/worker-harness.ts';

const CALLER = { tenant: 'acme', keyId: 'key-1', scopes: ['operate' as const], agents: null };

/** A pool with dead letters of these tenants, the newest first, each of which ended in a millisecond of its own. */
async function pool(tenants: readonly string[], together: ReadonlySet<number> = new Set()) {
  const h = workerHarness([{ json: { sum: 3 } }]);
  let at = h.clock.now();
  const ids: string[] = [];
  for (const [index, tenant] of tenants.entries()) {
    if (!together.has(index)) at -= 1;
    const failure = { kind: 'crashed' as const, reason: 'The worker died.' };
    const task = sampleTask({ tenant, agent: 'adder', input: { a: 1, b: 2 } });
    const state = { status: 'failed' as const, failure, finishedAt: at, notified: true };
    await h.store.create({ ...task, state });
    ids.push(task.id);
  }
  const ports = { ...h.ports, runs: inMemoryRunStore(), agents: new Map([['adder', agentCard(adder)]]) };
  /** Of each page, the ids that it shows. */
  const pages = async (limit: number) => {
    const shown: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await listDeadLetters(ports, CALLER, 'adder', { limit, cursor });
      shown.push(page.deadLetters.map(({ id }) => id));
      expect(page.more).toBe(page.next !== undefined);
      cursor = page.next;
    } while (cursor !== undefined);
    return shown;
  };
  return { h, ports, ids, pages };
}

const loud = (count: number): string[] => Array.from({ length: count }, () => 'loud');

describe("a tenant's dead letters", () => {
  it("are found behind more than 1,000 of another tenant's", async () => {
    const { ids, ports } = await pool([...loud(1_100), 'acme']);
    const page = await listDeadLetters(ports, CALLER, 'adder', { limit: 10 });
    expect(page).toMatchObject({ deadLetters: [{ id: ids.at(-1) }], more: false });
  });

  it('are listed page by page, each once, and those that ended together on one page', async () => {
    const tenants = ['acme', 'loud', 'acme', 'acme', 'acme', 'loud', 'acme', 'loud'];
    const { ids, pages } = await pool(tenants, new Set([3, 4, 5]));
    const own = [0, 2, 3, 4, 6].map((index) => ids[index] ?? '');
    expect((await pages(2)).map((page) => new Set(page))).toEqual([new Set(own.slice(0, 4)), new Set(own.slice(4))]);
    expect((await pages(2)).flat()).toHaveLength(own.length);
    expect(new Set((await pages(100)).flat())).toEqual(new Set(own));
  });

  it('are searched for some seconds at a time, and each page gets further and names no foreign task', async () => {
    const { h, ids, ports } = await pool([...loud(450), 'acme']);
    const getMany = h.store.getMany.bind(h.store);
    h.store.getMany = (...args) => {
      h.clock.advance(9_000);
      return getMany(...args);
    };
    let cursor: string | undefined;
    const found: string[] = [];
    let requests = 0;
    do {
      const page = await listDeadLetters(ports, CALLER, 'adder', { limit: 10, cursor });
      expect(ids.some((id) => page.next?.includes(id) ?? false)).toBe(false);
      found.push(...page.deadLetters.map(({ id }) => id));
      cursor = page.next;
      requests += 1;
    } while (cursor !== undefined);
    expect(found).toEqual([ids.at(-1)]);
    expect(requests).toBeGreaterThan(2);
    expect(requests).toBeLessThan(10);
  });

  it('are redriven without those of which nothing is left of the limit of their run', async () => {
    const { h, ids, ports } = await pool(['acme', 'acme']);
    const run = { id: 'night', tenant: 'acme', createdAt: 1, size: 1, digest: 'd', budgetUsd: 1 };
    const spent = sampleTask({ tenant: 'acme', agent: 'adder', runId: 'night', budget: { tokens: 1_000, usd: 1 } });
    const failure = { kind: 'crashed' as const, reason: 'The worker died.' };
    const state = { status: 'failed' as const, failure, finishedAt: h.clock.now(), notified: true };
    await h.store.create({ ...spent, spend: { ...spent.spend, usd: 1 }, state });
    const runs = inMemoryRunStore(run);
    const { redriven } = await redriveDeadLetters({ ...ports, runs }, CALLER, 'adder', {});
    expect(redriven.map(({ deadLetter }) => deadLetter).toSorted()).toEqual(ids.toSorted());
  });

  it('are redriven to the last, each once, with the cursor and without', async () => {
    const { ids, ports } = await pool(Array.from({ length: 250 }, () => 'acme'));
    const first = await redriveDeadLetters(ports, CALLER, 'adder', {});
    expect(first).toMatchObject({ more: true });
    const second = await redriveDeadLetters(ports, CALLER, 'adder', { cursor: first.next });
    const third = await redriveDeadLetters(ports, CALLER, 'adder', {});
    expect(third).toMatchObject({ more: false });
    const all = [first, second, third].flatMap(({ redriven }) => redriven.map(({ deadLetter }) => deadLetter));
    expect(all.toSorted()).toEqual(ids.toSorted());
  });
});
