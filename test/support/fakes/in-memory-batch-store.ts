import { batchSchema, type Batch } from '#core/economy/batch.ts';
import type { BatchStore } from '#core/ports/batch-store.ts';

/** Batches in memory, with the guarantees of the table. Does not honour: indexes that trail, expiry, size limits. */
export function inMemoryBatchStore(): BatchStore {
  const batches = new Map<string, string>();
  const read = (id: string): Batch | null => {
    const json = batches.get(id);
    return json === undefined ? null : batchSchema.parse(JSON.parse(json));
  };
  return {
    get: async (id) => read(id),
    async create(batch) {
      if (batches.has(batch.id)) throw new Error(`Batch ${batch.id} already exists.`);
      batches.set(batch.id, JSON.stringify(batch));
    },
    async replace(next) {
      if (read(next.id)?.version !== next.version - 1) return 'conflict';
      batches.set(next.id, JSON.stringify(next));
      return 'replaced';
    },
    async *open(agent) {
      const open = [...batches.keys()].flatMap((id) => read(id) ?? []).filter((batch) => batch.agent === agent);
      const sorted = open.filter(({ state }) => state.status !== 'over').sort((a, b) => a.begunAt - b.begunAt);
      yield* sorted.map(({ id }) => id);
    },
  };
}
