import type { PoolView } from '#core/api/pools/messages.ts';
import type { Sample, Used } from './sample.ts';

/** Rates are over this time, in milliseconds, once the command has run for so long. */
export const WINDOW_MS = 60_000;

/** A pool, as `fleet top` shows it. Rates are null until there are two samples. */
export interface TopPool {
  readonly agent: string;
  readonly status: PoolView['status'];
  readonly reason: string | null;
  /** Messages in its queues, approximately. */
  readonly depth: number;
  readonly running: number;
  readonly queued: number;
  /** Number of waiting tasks by cause. */
  readonly waiting: Readonly<Record<string, number>>;
  /** False if it has more tasks than were counted. */
  readonly complete: boolean;
  /** Tasks of the key's tenant that ended, and those of them that failed. */
  readonly endedPerMinute: number | null;
  readonly failedPerMinute: number | null;
  /** US dollars of the key's tenant. */
  readonly usdPerHour: number | null;
}

/** One refresh of `fleet top`: its JSON object. */
export interface Top {
  readonly asOf: string;
  /** Seconds that the rates are over. */
  readonly windowS: number;
  /** What holds the fleet and tenants, in words. */
  readonly held: readonly string[];
  readonly pools: readonly TopPool[];
  readonly sum: Omit<TopPool, 'agent' | 'status' | 'reason'> & { readonly todayUsd: number };
}

/** Keeps the samples that rates need: those of the window, and one before it. */
export function kept(samples: readonly Sample[], now: number): readonly Sample[] {
  const first = samples.findLastIndex(({ at }) => at <= now - WINDOW_MS);
  return samples.slice(Math.max(0, first));
}

/** What the samples show, the newest last. Throws without one. */
export function topOf(samples: readonly Sample[]): Top {
  const [newest, oldest] = [samples.at(-1), samples[0]];
  if (!newest || !oldest) throw new Error('There is no sample.');
  const ms = newest.at - oldest.at;
  const pools = newest.pools.map((pool) => poolOf(pool, oldest.used.get(pool.agent), newest.used.get(pool.agent), ms));
  return {
    asOf: new Date(newest.at).toISOString(),
    windowS: Math.round(ms / 1_000),
    held: newest.held,
    pools,
    sum: { ...sumOf(pools), todayUsd: newest.todayUsd },
  };
}

const NOTHING: Used = { ended: 0, failed: 0, usd: 0 };

function poolOf(pool: PoolView, before: Used = NOTHING, now: Used = NOTHING, ms: number): TopPool {
  const { agent, status, reason = null, waiting, tasks } = pool;
  const rate = (name: keyof Used, perMs: number): number | null =>
    ms <= 0 ? null : (Math.max(0, now[name] - before[name]) * perMs) / ms;
  return {
    agent,
    status,
    reason,
    depth: waiting.high + waiting.default,
    running: tasks?.running ?? 0,
    queued: tasks?.queued ?? 0,
    waiting: tasks?.parked ?? {},
    complete: tasks?.complete ?? true,
    endedPerMinute: rate('ended', 60_000),
    failedPerMinute: rate('failed', 60_000),
    usdPerHour: rate('usd', 3_600_000),
  };
}

function sumOf(pools: readonly TopPool[]): Omit<Top['sum'], 'todayUsd'> {
  const plus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);
  const waiting: Record<string, number> = {};
  for (const pool of pools)
    for (const [cause, number] of Object.entries(pool.waiting)) waiting[cause] = (waiting[cause] ?? 0) + number;
  const none = { depth: 0, running: 0, queued: 0, complete: true };
  const rates = { endedPerMinute: 0, failedPerMinute: 0, usdPerHour: 0 };
  const sum = pools.reduce(
    (all, pool) => ({
      depth: all.depth + pool.depth,
      running: all.running + pool.running,
      queued: all.queued + pool.queued,
      complete: all.complete && pool.complete,
      endedPerMinute: plus(all.endedPerMinute, pool.endedPerMinute),
      failedPerMinute: plus(all.failedPerMinute, pool.failedPerMinute),
      usdPerHour: plus(all.usdPerHour, pool.usdPerHour),
    }),
    { ...none, ...rates } as Omit<Top['sum'], 'todayUsd' | 'waiting'>,
  );
  return { ...sum, waiting };
}
