import { expect, it } from 'vitest';
import type { PoolStore } from '#core/ports/pool-store.ts';
import { healthyPool, moveTo } from '#core/pools/pool.ts';
import { freshId } from './samples.ts';

/** The contract of every store of pools. */
export function poolStoreContract(open: () => PoolStore): void {
  it('creates an item if it does not exist, and changes only from the version that was read', async () => {
    const [store, agent] = [open(), freshId('agent')];
    expect(await store.get(agent)).toBeNull();
    expect(await store.view(agent)).toBeNull();
    const first = moveTo(healthyPool(agent), { trouble: { since: 5, failed: 1, answered: 0 } });
    expect(await store.write(first)).toBe('written');
    expect(await store.write(first)).toBe('conflict');
    const next = moveTo(first, { state: { status: 'paused', reason: 'a look', by: 'ops', at: 7 }, trouble: null });
    expect(await store.write(next)).toBe('written');
    expect(await store.get(agent)).toEqual(next);
  });

  it('reads its own writes at once', async () => {
    const [store, agent] = [open(), freshId('agent')];
    await store.view(agent);
    const first = moveTo(healthyPool(agent), { state: { status: 'resuming', since: 1 } });
    await store.write(first);
    expect(await store.view(agent)).toEqual(first);
  });

  it('lets exactly one of several writers win', async () => {
    const [store, agent] = [open(), freshId('agent')];
    const nexts = Array.from({ length: 10 }, (_, since) =>
      moveTo(healthyPool(agent), { state: { status: 'resuming', since } }),
    );
    const outcomes = await Promise.all(nexts.map((next) => store.write(next)));
    expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
  });
}
