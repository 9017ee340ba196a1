import { evaluateMath } from '../math/evaluate.ts';
import { MathError } from '../math/errors.ts';
import { parseMath } from '../math/parse.ts';
import type { Expression } from '../math/parse.ts';
import { seriesValue } from '../math/value.ts';
import type { Points, Value } from '../math/value.ts';
import type { Bucket } from '../metrics/bucket.ts';
import type { MetricId, Window } from '../metrics/metric.ts';
import { STATISTIC_NAMES, statisticOf } from '../metrics/statistic.ts';
import type { Statistic } from '../metrics/statistic.ts';
import type { MetricDataQuery } from './query.ts';

/** Reads the values of a metric by period; undefined for a period without any. Without `needsSketch` their distribution is missing. */
export type ReadMetric = (metric: MetricId, window: Window, needsSketch: boolean) => readonly (Bucket | undefined)[];

/** Queries that are valid and supported. */
export interface Prepared {
  /** The period that metrics and expressions share, in minutes; undefined when there are no metrics. */
  readonly period: number | undefined;
  /** Ids of the queries whose data is returned. */
  readonly returned: readonly string[];
  /** Computes a query over a window. */
  compute(id: string, window: Window, read: ReadMetric): Value;
}

interface Source {
  readonly metric: MetricId;
  readonly statistic: Statistic;
  readonly period: number;
}

/**
 * Checks queries once, so that computing them cannot fail later. Throws `MathError` for an expression, a function or a
 * statistic that is not supported, and for ids that do not exist or refer to themselves.
 */
export function prepare(queries: readonly MetricDataQuery[]): Prepared {
  const sources = new Map<string, Source>();
  const expressions = new Map<string, Expression>();
  for (const query of queries) {
    if (sources.has(query.Id) || expressions.has(query.Id)) throw new MathError(`the id ${query.Id} occurs twice`);
    if ((query.MetricStat === undefined) === (query.Expression === undefined))
      throw new MathError(`${query.Id} needs either MetricStat or Expression`);
    if (query.MetricStat !== undefined) sources.set(query.Id, sourceOf(query.MetricStat));
    if (query.Expression !== undefined) expressions.set(query.Id, parseMath(query.Expression));
  }
  const prepared = {
    period: periodOf(queries, sources),
    returned: queries.filter(({ ReturnData }) => ReturnData).map(({ Id }) => Id),
    compute: (id: string, window: Window, read: ReadMetric) =>
      new Computation(sources, expressions, window, read).valueOf(id),
  };
  const trial = { from: 0, period: 1, count: 1 };
  const ones: ReadMetric = () => [{ count: 1, sum: 1, min: 1, max: 1, sketch: undefined }];
  for (const { Id } of queries) prepared.compute(Id, trial, ones);
  return prepared;
}

function sourceOf({ Metric, Stat, Period }: NonNullable<MetricDataQuery['MetricStat']>): Source {
  const statistic = statisticOf(Stat);
  if (statistic === undefined)
    throw new MathError(`the statistic ${Stat} is not supported. The local CloudWatch has ${STATISTIC_NAMES}`);
  const metric = { namespace: Metric.Namespace, name: Metric.MetricName, dimensions: Metric.Dimensions };
  return { metric, statistic, period: Period / 60 };
}

function periodOf(queries: readonly MetricDataQuery[], sources: ReadonlyMap<string, Source>): number | undefined {
  const periods = new Set([...sources.values()].map(({ period }) => period));
  for (const { Expression, Period } of queries)
    if (Expression !== undefined && Period !== undefined && periods.size > 0) periods.add(Period / 60);
  if (periods.size > 1) {
    const listed = [...periods].map((minutes) => minutes * 60).join(', ');
    throw new MathError(`metrics with different periods (${listed} seconds) are not supported together`);
  }
  return [...periods][0];
}

/** One computation over a window. Each query is computed once. */
class Computation {
  readonly #sources: ReadonlyMap<string, Source>;
  readonly #expressions: ReadonlyMap<string, Expression>;
  readonly #window: Window;
  readonly #read: ReadMetric;
  readonly #values = new Map<string, Value>();
  readonly #computing = new Set<string>();

  constructor(
    sources: ReadonlyMap<string, Source>,
    expressions: ReadonlyMap<string, Expression>,
    window: Window,
    read: ReadMetric,
  ) {
    this.#sources = sources;
    this.#expressions = expressions;
    this.#window = window;
    this.#read = read;
  }

  valueOf(id: string): Value {
    const known = this.#values.get(id);
    if (known !== undefined) return known;
    const value = this.#compute(id);
    this.#values.set(id, value);
    return value;
  }

  #compute(id: string): Value {
    const source = this.#sources.get(id);
    if (source !== undefined) return seriesValue(this.#points(source));
    const expression = this.#expressions.get(id);
    if (expression === undefined) throw new MathError(`there is no metric or expression with the id ${id}`);
    if (this.#computing.has(id)) throw new MathError(`the expression ${id} refers to itself`);
    this.#computing.add(id);
    const metricIds = [...this.#sources.keys()];
    const value = evaluateMath(expression, { valueOf: (named) => this.valueOf(named), metricIds });
    this.#computing.delete(id);
    return value;
  }

  #points({ metric, statistic }: Source): Points {
    const periods = this.#read(metric, this.#window, statistic.needsSketch);
    return periods.map((bucket) => (bucket === undefined ? undefined : statistic.of(bucket)));
  }
}
