import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { DaySum } from '#core/budgets/day-budget.ts';
import { waitingMetric } from '#core/metrics/names.ts';
import type { Hold, Pool } from '#core/pools/pool.ts';
import type { PoolGauges } from '#core/sweeper/gauge-pool.ts';
import { fleetMetrics, measureBoth, metrics } from '#runtime/observability/emf.ts';
import { logger } from '#runtime/observability/telemetry.ts';

/** A sweep that came to its end: the heartbeat whose absence has an alarm. */
export const measureSweep = (): void => void metrics.addMetric('Sweeps', MetricUnit.Count, 1);

/**
 * Only records problems. Missing data means healthy and costs nothing. A pause of the fleet stops the pool too. Every
 * sweeper counts the paused tenants, so they are no sum.
 */
export function measureState({ status }: Pool['state'], fleet: Pool): void {
  if (status === 'open' || status === 'half-open') measureBoth('BreakerOpen', MetricUnit.Count, 1);
  if (status === 'paused' || isPaused(fleet)) measureBoth('PoolPaused', MetricUnit.Count, 1);
  const tenants = Object.values(fleet.tenants ?? {}).filter(isPaused).length;
  if (tenants > 0) fleetMetrics.addMetric('TenantsPaused', MetricUnit.Count, tenants);
}

const isPaused = ({ state }: Pick<Hold, 'state'>): boolean => state.status === 'paused';

/** Only records what there is: an idle pool has no metrics. */
export function measureGauges({ running, queued, waiting, unclaimed, stuck }: PoolGauges): void {
  const parked = Object.values(waiting).reduce((all, number) => all + number, 0);
  const gauges = {
    TasksRunning: running,
    TasksQueued: queued,
    TasksWaiting: parked,
    TasksUnclaimed: unclaimed,
    SessionsStuck: stuck.length,
    ...Object.fromEntries(Object.entries(waiting).map(([cause, number]) => [waitingMetric(cause), number])),
  };
  for (const [name, number] of Object.entries(gauges)) if (number > 0) measureBoth(name, MetricUnit.Count, number);
  for (const session of stuck) logger.warn('session.stuck', { ...session });
}

/** The percentage that is left of an agent's budget of the day. @param dayUsd US dollars that it may spend */
export function measureBudget({ held }: DaySum, dayUsd: number): void {
  if (held.usd > 0) metrics.addMetric('DayBudgetLeft', MetricUnit.Percent, Math.max(0, 100 * (1 - held.usd / dayUsd)));
}
