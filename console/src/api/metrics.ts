import { metricsAnswerSchema, type MetricsAnswer } from '#core/api/metrics/messages.ts';
import { metricOperations } from '#core/api/metrics/operations.ts';
import { call } from './call.ts';
import { useLive } from './use-live.ts';

export type { MetricsAnswer };

/** @param names such as `TasksSucceeded:Sum` */
export const useMetrics = (names: readonly string[], agent?: string) =>
  useLive(['metrics', names, agent], (signal) =>
    call(metricOperations.getMetrics, metricsAnswerSchema, { query: { names: names.join(','), agent }, signal }),
  );
