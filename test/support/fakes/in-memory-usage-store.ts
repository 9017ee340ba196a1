import { addChange, usageRow } from '#core/budgets/usage.ts';
import type { UsageChange, UsageKey, UsageStore } from '#core/ports/usage-store.ts';

/**
 * Usage in memory.
 * Honours: sums by key, the order of rows. Does not honour: that a count may be made twice, expiry.
 */
export function inMemoryUsageStore(): UsageStore {
  const sums = new Map<string, { readonly key: UsageKey; readonly change: UsageChange }>();
  const sortOf = ({ day, agent }: UsageKey): string => `${day}#${agent}`;
  return {
    async add(key, change) {
      const place = `${key.tenant}#${sortOf(key)}`;
      sums.set(place, { key, change: addChange(sums.get(place)?.change ?? {}, change) });
    },
    async query({ tenant, agent, from, to }) {
      return [...sums.values()]
        .filter(({ key }) => key.tenant === tenant && key.day >= from && key.day <= to)
        .filter(({ key }) => agent === undefined || key.agent === agent)
        .sort((a, b) => (sortOf(a.key) < sortOf(b.key) ? -1 : 1))
        .map(({ key, change }) => usageRow(key, change));
    },
  };
}
