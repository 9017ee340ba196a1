import { Metrics } from '@aws-lambda-powertools/metrics';

const ownService = process.env['METRICS_SERVICE'];

/**
 * Embedded metric format: CloudWatch extracts metrics from log lines, without API calls. The functions of a pool measure
 * under the agent's name, others under their own.
 */
export const metrics = new Metrics({
  namespace: 'agent-fleet',
  ...(ownService !== undefined && { serviceName: ownService }),
});

/**
 * What all agents together do, under a service of its own: an alarm has at most ten metrics, so it cannot sum over agents.
 * A gauge that each sweeper writes once a minute is summed up over a minute.
 */
export const fleetMetrics = new Metrics({
  namespace: 'agent-fleet',
  serviceName: process.env['FLEET_SERVICE'] ?? 'fleet',
});

type Unit = Parameters<Metrics['addMetric']>[1];

/** Counts for the function's service, and for the fleet. */
export function measureBoth(name: string, unit: Unit, value: number): void {
  metrics.addMetric(name, unit, value);
  fleetMetrics.addMetric(name, unit, value);
}

/** Writes what was measured. Without anything, Powertools would log a warning. */
export function publishMetrics(): void {
  for (const each of [metrics, fleetMetrics]) if (each.hasStoredMetrics()) each.publishStoredMetrics();
}
