import { addUsage, NO_USAGE } from '../models/price.ts';
import type { ModelUse, UsageChange, UsageKey, UsageRow } from '../ports/usage-store.ts';

export const NO_USE: ModelUse = { calls: 0, usage: NO_USAGE, usd: 0, savedUsd: 0, lostUsd: 0 };

/** Dollars in billionths: sums of the same amounts are the same, in whatever order they came. Never minus zero. */
const plus = (a: number, b: number): number => Math.round((a + b) * 1e9) / 1e9 + 0;

export function addUse(a: ModelUse, b: ModelUse): ModelUse {
  return {
    calls: a.calls + b.calls,
    usage: addUsage(a.usage, b.usage),
    usd: plus(a.usd, b.usd),
    savedUsd: plus(a.savedUsd, b.savedUsd),
    lostUsd: plus(a.lostUsd, b.lostUsd),
  };
}

/** Two changes of one key as one. */
export function addChange(a: UsageChange, b: UsageChange): UsageChange {
  const models = { ...a.models };
  for (const [model, use] of Object.entries(b.models ?? {})) models[model] = addUse(models[model] ?? NO_USE, use);
  const ended = { ...a.ended };
  for (const status of STATUSES) {
    const count = (ended[status] ?? 0) + (b.ended?.[status] ?? 0);
    if (count > 0) ended[status] = count;
  }
  return { models, ended };
}

const STATUSES = ['succeeded', 'failed', 'cancelled', 'escalated'] as const;

/** A row from the counters of its key: all models together beside each. */
export function usageRow(key: UsageKey, { models = {}, ended = {} }: UsageChange): UsageRow {
  const total = Object.values(models).reduce(addUse, NO_USE);
  return { ...key, ...total, models, ended: { succeeded: 0, failed: 0, cancelled: 0, escalated: 0, ...ended } };
}
