import { operation } from '../http/operation.ts';
import { metricsAnswerSchema, metricsQuerySchema } from './messages.ts';

/** What the fleet measures. Metrics count all tenants, so they require the scope `fleet`. */
export const metricOperations = {
  getMetrics: operation({
    method: 'GET',
    path: '/metrics',
    scope: 'fleet',
    summary: 'Read metrics',
    description:
      'Returns values of metrics over time, of an agent or of all agents together. They count the tasks of all tenants. Use them for graphs: CloudWatch may count an event twice, so costs are in `GET /usage`.',
    query: metricsQuerySchema,
    answer: { status: 200, schema: metricsAnswerSchema, description: 'A series for each metric.' },
    problems: ['not-found'],
  }),
} as const;
