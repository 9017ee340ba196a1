import { usageAnswerSchema } from '#core/api/usage/messages.ts';
import { usageOperations } from '#core/api/usage/operations.ts';
import type { PoolView } from '#core/api/pools/messages.ts';
import type { ApiClient } from '../api/client.ts';
import { holdWords } from '../pause.ts';
import { readFleet } from '../read-pools.ts';

/** What was used of an agent since `fleet top` started, and before on that day. It only grows. */
export interface Used {
  readonly ended: number;
  readonly failed: number;
  readonly usd: number;
}

/** The fleet at one moment. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly pools: readonly PoolView[];
  /** What holds the fleet and tenants, in words. */
  readonly held: readonly string[];
  /** By agent, of the key's tenant. */
  readonly used: ReadonlyMap<string, Used>;
  /** US dollars of the key's tenant today. */
  readonly todayUsd: number;
}

/** Returns a function that reads the fleet. Its counters run on at midnight. */
export function sampler(api: ApiClient, now: () => number): () => Promise<Sample> {
  const day = (): string => new Date(now()).toISOString().slice(0, 10);
  const from = day();
  return async () => {
    const [today, at] = [day(), now()];
    const query = { from, to: today };
    const [fleet, { rows }] = await Promise.all([
      readFleet(api),
      api.call(usageOperations.getUsage, usageAnswerSchema, { query }),
    ]);
    const used = new Map<string, Used>();
    for (const { agent, ended, usd, lostUsd } of rows) {
      const before = used.get(agent) ?? { ended: 0, failed: 0, usd: 0 };
      const all = Object.values(ended).reduce((sum, number) => sum + number, 0);
      const failed = ended.failed ?? 0;
      used.set(agent, { ended: before.ended + all, failed: before.failed + failed, usd: before.usd + usd + lostUsd });
    }
    const todays = rows.filter((row) => row.day === today);
    const { pools } = fleet;
    return {
      at,
      pools,
      held: holdWords(fleet),
      used,
      todayUsd: todays.reduce((sum, { usd, lostUsd }) => sum + usd + lostUsd, 0),
    };
  };
}
