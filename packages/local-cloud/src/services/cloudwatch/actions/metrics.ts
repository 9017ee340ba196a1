import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';
import { MathError } from '../math/errors.ts';
import type { Points, Value } from '../math/value.ts';
import { MINUTE_MS } from '../metrics/metric.ts';
import type { MetricId, Window } from '../metrics/metric.ts';
import { prepare } from '../queries/prepare.ts';
import type { Prepared } from '../queries/prepare.ts';
import { dimensionsSchema, metricDataQuerySchema } from '../queries/query.ts';
import type { MetricDataQuery } from '../queries/query.ts';
import { action, page, timeOf, timeSchema, tokenSchema } from './action.ts';
import type { CloudWatchContext } from './action.ts';

/** CloudWatch returns at most so many data points with one request. */
const MAX_POINTS = 100_800;
const LIST_PAGE = 500;

const GetInput = z.strictObject({
  MetricDataQueries: z.array(metricDataQuerySchema).min(1).max(500),
  StartTime: timeSchema,
  EndTime: timeSchema,
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
  MaxDatapoints: z.int().min(1).max(MAX_POINTS).default(MAX_POINTS),
  LabelOptions: z.strictObject({ Timezone: z.string() }).optional(),
});

/** Returns all data points at once: a request for more than `MaxDatapoints` is rejected. */
export const getMetricData = action(GetInput, (context, input) => {
  if (input.EndTime <= input.StartTime)
    throw new ServiceError('ValidationError', 'The parameter StartTime must be less than the parameter EndTime.');
  const groups = groupByPeriod(input.MetricDataQueries);
  const results = groups.flatMap(({ prepared, queries }) => {
    const window = windowOf(input.StartTime, input.EndTime, prepared.period ?? 1);
    return queries
      .filter(({ ReturnData }) => ReturnData)
      .flatMap((query) => resultsOf(query, computed(context, prepared, query.Id, window), window));
  });
  if (results.reduce((sum, { points }) => sum + points.length, 0) > input.MaxDatapoints)
    throw new ServiceError(
      'ValidationError',
      'The request is for too many data points. Ask for a longer period or less time.',
    );
  const isAscending = input.ScanBy === 'TimestampAscending';
  return { MetricDataResults: results.map((result) => resultView(result, isAscending)), Messages: [] };
});

interface Result {
  readonly id: string;
  readonly label: string;
  readonly points: Points;
  readonly window: Window;
}

/**
 * Queries that share a period are computed together. An expression belongs to the metrics that it names, so queries with
 * several periods are only possible without expressions.
 */
function groupByPeriod(
  queries: readonly MetricDataQuery[],
): { prepared: Prepared; queries: readonly MetricDataQuery[] }[] {
  try {
    if (queries.some(({ Expression }) => Expression !== undefined)) return [{ prepared: prepare(queries), queries }];
    const groups = Map.groupBy(queries, ({ MetricStat }) => MetricStat?.Period);
    return [...groups.values()].map((group) => ({ prepared: prepare(group), queries: group }));
  } catch (error) {
    if (error instanceof MathError) throw new ServiceError('ValidationError', `${error.message}.`);
    throw error;
  }
}

/** Periods of an hour or more begin at full hours or days, shorter ones at multiples of theirs. */
function windowOf(start: number, end: number, period: number): Window {
  const from = Math.floor(start / MINUTE_MS / period) * period;
  return { from, period, count: Math.max(1, Math.ceil((end / MINUTE_MS - from) / period)) };
}

function computed(context: CloudWatchContext, prepared: Prepared, id: string, window: Window): Value {
  return prepared.compute(id, window, (...asked) => context.metrics.read(...asked));
}

function resultsOf({ Id: id, Label, MetricStat }: MetricDataQuery, value: Value, window: Window): Result[] {
  const label = Label ?? MetricStat?.Metric.MetricName ?? id;
  switch (value.kind) {
    case 'series':
      return [{ id, label, points: value.points, window }];
    case 'list':
      return value.items.map((points) => ({ id, label, points, window }));
    case 'number':
      throw new ServiceError('ValidationError', `The expression ${id} must return a time series.`);
  }
}

function resultView({ id, label, points, window }: Result, isAscending: boolean): ServiceOutput {
  const found = points.flatMap((value, index) =>
    value === undefined ? [] : [{ at: (window.from + index * window.period) * MINUTE_MS, value }],
  );
  const ordered = isAscending ? found : found.toReversed();
  return {
    Id: id,
    Label: label,
    Timestamps: ordered.map(({ at }) => timeOf(at)),
    Values: ordered.map(({ value }) => value),
    StatusCode: 'Complete',
  };
}

const ListInput = z.strictObject({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(z.strictObject({ Name: z.string(), Value: z.string().optional() })).default([]),
  /** Metrics of the last three hours, or of all time. */
  RecentlyActive: z.literal('PT3H').optional(),
  NextToken: tokenSchema,
});

export const listMetrics = action(ListInput, ({ metrics }, input) => {
  const matches = ({ namespace, name, dimensions }: MetricId): boolean =>
    (input.Namespace ?? namespace) === namespace &&
    (input.MetricName ?? name) === name &&
    input.Dimensions.every(
      ({ Name, Value }) => Object.hasOwn(dimensions, Name) && (Value ?? dimensions[Name]) === dimensions[Name],
    );
  const { items, next } = page(metrics.list().filter(matches), input.NextToken, LIST_PAGE);
  return {
    Metrics: items.map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    })),
    ...next,
  };
});

const PutInput = z.strictObject({
  Namespace: z
    .string()
    .min(1)
    .refine((name) => !name.startsWith('AWS/'), 'namespaces of AWS are reserved'),
  MetricData: z
    .array(
      z.strictObject({
        MetricName: z.string().min(1),
        Dimensions: dimensionsSchema,
        Timestamp: timeSchema.optional(),
        Value: z.number().optional(),
        Values: z.array(z.number()).max(150).optional(),
        Counts: z.array(z.number()).max(150).optional(),
        Unit: z.string().optional(),
        StorageResolution: z.literal(60).optional(),
      }),
    )
    .min(1)
    .max(1_000),
});

export const putMetricData = action(PutInput, ({ metrics, now }, { Namespace, MetricData }) => {
  for (const { MetricName, Dimensions, Timestamp, Value, Values, Counts, Unit } of MetricData) {
    const metric = {
      namespace: Namespace,
      name: MetricName,
      dimensions: Dimensions,
      unit: Unit,
      at: Timestamp ?? now(),
    };
    if (Value !== undefined) metrics.add({ ...metric, value: Value });
    for (const [index, value] of (Values ?? []).entries())
      metrics.add({ ...metric, value, count: Counts?.[index] ?? 1 });
  }
  return {};
});
