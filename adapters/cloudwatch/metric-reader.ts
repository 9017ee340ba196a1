import { paginateGetMetricData, type CloudWatchClient, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { MetricQuery, MetricReader, MetricSeries } from '#core/ports/metric-reader.ts';
import { orThrottled } from '../aws/throttled.ts';
import { cloudwatch } from './client.ts';

export interface CloudWatchMetricReaderOptions {
  /** @default the process's shared client */
  readonly client?: CloudWatchClient;
}

/** Reads metrics from CloudWatch. Requires `cloudwatch:GetMetricData`. Throws `FailureError` (throttled). */
export function cloudwatchMetricReader({ client = cloudwatch() }: CloudWatchMetricReaderOptions = {}): MetricReader {
  return {
    read: (queries, { from, to, step }) =>
      orThrottled('CloudWatch', async () => {
        const found = new Map<string, [number, number][]>();
        const input = {
          MetricDataQueries: queries.map((query) => dataQuery(query, step)),
          StartTime: new Date(from),
          EndTime: new Date(to),
          ScanBy: 'TimestampAscending' as const,
        };
        for await (const { MetricDataResults = [] } of paginateGetMetricData({ client }, input)) {
          for (const { Id = '', Timestamps = [], Values = [] } of MetricDataResults) {
            const points = found.get(Id) ?? [];
            points.push(...Timestamps.map((at, index): [number, number] => [at.getTime(), Values[index] ?? 0]));
            found.set(Id, points);
          }
        }
        const shown = queries.filter(({ hidden }) => hidden !== true);
        return shown.map(({ id }): MetricSeries => ({ id, points: found.get(id) ?? [] }));
      }),
  };
}

function dataQuery({ id, metric, expression, hidden = false }: MetricQuery, step: number): MetricDataQuery {
  if (metric === undefined) return { Id: id, Expression: expression, ReturnData: !hidden };
  const Dimensions = Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: metric.namespace, MetricName: metric.name, Dimensions };
  return { Id: id, MetricStat: { Metric, Period: step, Stat: metric.statistic }, ReturnData: !hidden };
}
