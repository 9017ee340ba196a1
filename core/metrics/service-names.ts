import type { MetricRequest } from '../ports/metric-reader.ts';

/** The namespace of the metrics that functions write. */
export const NAMESPACE = 'agent-fleet';

/** How the fleet's services are named in metrics: `<prefix>-<agent>`, `<prefix>-<agent>-sweeper`, `<prefix>-fleet`. */
export interface ServiceNames {
  readonly prefix: string;
  readonly agents: readonly string[];
}

/** The service that stands for all agents together. */
const ALL = 'fleet';
const SWEEPER = '-sweeper';

/** The services whose metrics are an agent's: those of its worker and its sweeper; without an agent, the fleet's. */
export function servicesOf({ prefix }: ServiceNames, agent: string | undefined): readonly string[] {
  if (agent === undefined) return [`${prefix}-${ALL}`];
  return [`${prefix}-${agent}`, `${prefix}-${agent}${SWEEPER}`];
}

/** The agent whose service or queue a metric is about; undefined for any other metric. */
export function agentOfMetric({ dimensions }: MetricRequest, { prefix, agents }: ServiceNames): string | undefined {
  const { service, QueueName } = dimensions;
  if (service !== undefined) return agents.find((agent) => servicesOf({ prefix, agents }, agent).includes(service));
  return agents.find((agent) => QUEUES.some((kind) => QueueName === `${prefix}-${agent}-${kind}`));
}

const QUEUES = ['high', 'default', 'dead-letters'];
