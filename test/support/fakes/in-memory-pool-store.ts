import type { PoolStore } from '#core/ports/pool-store.ts';
import { poolSchema, type Pool } from '#core/pools/pool.ts';

/**
 * Pools in memory, each written on condition of its version and kept as JSON.
 * Does not honour: that a view may be two seconds old.
 */
export function inMemoryPoolStore(): PoolStore {
  const pools = new Map<string, string>();
  const read = (agent: string): Pool | null => {
    const json = pools.get(agent);
    return json === undefined ? null : poolSchema.parse(JSON.parse(json));
  };
  return {
    get: async (agent) => read(agent),
    view: async (agent) => read(agent),
    async write(next) {
      if ((read(next.agent)?.version ?? 0) !== next.version - 1) return 'conflict';
      pools.set(next.agent, JSON.stringify(next));
      return 'written';
    },
  };
}
