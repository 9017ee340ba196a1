import { z } from 'zod';

/** `MetricsConfig` of a mapping. Of its metrics, what was given up is measured here. */
export const metricsConfig = z
  .strictObject({ Metrics: z.array(z.enum(['EventCount', 'ErrorCount', 'KafkaMetrics'])).default([]) })
  .optional();

/** Whether the mapping measures what becomes of its events. As on AWS, it does not unless it is told to. */
export const countsEvents = (given: z.output<typeof metricsConfig>): boolean =>
  given?.Metrics.includes('EventCount') ?? false;
