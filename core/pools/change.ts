import type { PoolStore } from '../ports/pool-store.ts';
import { healthyPool, type Pool, type PoolRule } from './pool.ts';

/**
 * Decides a rule on the newest state and writes it, deciding anew whenever another writer was first.
 * @param tries after so many conflicts the change is given up and what is there is told @default without end
 */
export async function changePool(pools: PoolStore, agent: string, rule: PoolRule, tries = Infinity): Promise<Pool> {
  for (let round = 1; ; round += 1) {
    const current = (await pools.get(agent)) ?? healthyPool(agent);
    const next = rule(current);
    if (!next) return current;
    if ((await pools.write(next)) === 'written') return next;
    if (round >= tries) return current;
  }
}
