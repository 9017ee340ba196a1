import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { DaySum } from '#core/budgets/day-budget.ts';
import type { Pool } from '#core/pools/pool.ts';
import type { PoolGauges } from '#core/sweeper/gauge-pool.ts';
import { measureBoth, metrics } from '#runtime/observability/emf.ts';
import { titleCase } from '#runtime/observability/measure.ts';
import { logger } from '#runtime/observability/telemetry.ts';

/** Only records problems. Missing data means healthy and costs nothing. */
export function measureState({ status }: Pool['state']): void {
  if (status === 'open' || status === 'half-open') measureBoth('BreakerOpen', MetricUnit.Count, 1);
  if (status === 'paused') measureBoth('PoolPaused', MetricUnit.Count, 1);
}

/** Only records what there is: an idle pool has no metrics. */
export function measureGauges({ running, queued, waiting, unclaimed, stuck }: PoolGauges): void {
  const parked = Object.values(waiting).reduce((all, number) => all + number, 0);
  const gauges = {
    TasksRunning: running,
    TasksQueued: queued,
    TasksWaiting: parked,
    TasksUnclaimed: unclaimed,
    SessionsStuck: stuck.length,
    ...Object.fromEntries(
      Object.entries(waiting).map(([cause, number]) => [`TasksWaiting${titleCase(cause)}`, number]),
    ),
  };
  for (const [name, number] of Object.entries(gauges)) if (number > 0) measureBoth(name, MetricUnit.Count, number);
  for (const session of stuck) logger.warn('session.stuck', { ...session });
}

/** The percentage that is left of an agent's budget of the day. @param dayUsd US dollars that it may spend */
export function measureBudget({ held }: DaySum, dayUsd: number): void {
  if (held.usd > 0) metrics.addMetric('DayBudgetLeft', MetricUnit.Percent, Math.max(0, 100 * (1 - held.usd / dayUsd)));
}
