import { describe, expect, it } from 'vitest';
import { moveBatch, type Batch } from '#core/economy/batch.ts';
import type { BatchStore } from '#core/ports/batch-store.ts';
import { freshId } from './samples.ts';

/** The contract of every store of batches. */
export function batchStoreContract(open: () => Promise<BatchStore>): void {
  const sample = (agent: string, begunAt = 1): Batch => ({
    id: `batch-${freshId()}`,
    agent,
    begunAt,
    version: 1,
    entries: [{ taskId: freshId(), customId: 'task-1_0', model: 'claude' }],
    state: { status: 'gathering' },
  });
  const openOf = async (store: BatchStore, agent: string): Promise<string[]> => {
    const ids: string[] = [];
    for await (const id of store.open(agent)) ids.push(id);
    return ids;
  };

  describe('a batch', () => {
    it('is created once, and read back unchanged', async () => {
      const store = await open();
      const batch = sample('adder');
      expect(await store.get(batch.id)).toBeNull();
      await store.create(batch);
      expect(await store.get(batch.id)).toEqual(batch);
      await expect(store.create(batch)).rejects.toThrow('already exists');
    });

    it('is replaced only from its newest version', async () => {
      const store = await open();
      const batch = sample('adder');
      await store.create(batch);
      const intended = moveBatch(batch, { state: { status: 'intended', at: 2 } });
      expect(await store.replace(intended)).toBe('replaced');
      expect(await store.replace(moveBatch(batch, { state: { status: 'undoing' } }))).toBe('conflict');
      expect(await store.get(batch.id)).toEqual(intended);
    });

    it('is listed among its agent’s open batches, oldest first, until it ends', async () => {
      const store = await open();
      const agent = freshId('agent');
      const [late, early, other] = [sample(agent, 20), sample(agent, 10), sample('another')];
      for (const batch of [late, early, other]) await store.create(batch);
      expect(await openOf(store, agent)).toEqual([early.id, late.id]);
      await store.replace(moveBatch(early, { state: { status: 'over', at: 30 } }));
      expect(await openOf(store, agent)).toEqual([late.id]);
      await store.replace(moveBatch(late, { state: { status: 'over', at: 31, providerId: 'msgbatch_1' } }));
      expect(await openOf(store, agent)).toEqual([]);
    });
  });
}
