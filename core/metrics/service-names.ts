import type { MetricRequest } from '../ports/metric-reader.ts';

/** The namespace of the metrics that functions write. */
export const NAMESPACE = 'agent-fleet';

/** How the fleet's services are named in metrics: `<prefix>-<agent>` for all functions of a pool, and `<prefix>-fleet`. */
export interface ServiceNames {
  readonly prefix: string;
  readonly agents: readonly string[];
}

/** The service that stands for all agents together. */
const ALL = 'fleet';

/** The service whose metrics are an agent's; without an agent, the fleet's. */
export const serviceOf = ({ prefix }: Pick<ServiceNames, 'prefix'>, agent: string = ALL): string =>
  `${prefix}-${agent}`;

/** The agent whose service or queue a metric is about; undefined for any other metric. */
export function agentOfMetric({ dimensions }: MetricRequest, { prefix, agents }: ServiceNames): string | undefined {
  const { service, QueueName } = dimensions;
  if (service !== undefined) return agents.find((agent) => serviceOf({ prefix }, agent) === service);
  return agents.find((agent) => QUEUES.some((kind) => QueueName === `${prefix}-${agent}-${kind}`));
}

const QUEUES = ['high', 'default', 'dead-letters'];
