/** A metric, and what to compute from its values. */
export interface MetricRequest {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or a percentile such as `p99`. */
  readonly statistic: string;
}

/** A metric or an expression over others, as CloudWatch computes it. */
export interface MetricQuery {
  /** Names the query in expressions and in the result. */
  readonly id: string;
  readonly metric?: MetricRequest | undefined;
  /** Metric math over ids. */
  readonly expression?: string | undefined;
  /** Whether only expressions use it. @default false */
  readonly hidden?: boolean | undefined;
}

/** Times are milliseconds since the epoch. */
export interface MetricSpan {
  readonly from: number;
  readonly to: number;
  /** Seconds, a multiple of 60: the length of a period. */
  readonly step: number;
}

/** The values of one query, oldest first. A time is the beginning of its period. Periods without data are left out. */
export interface MetricSeries {
  readonly id: string;
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** Reads metrics. */
export interface MetricReader {
  /** Returns the series of all queries that are not hidden. */
  read(queries: readonly MetricQuery[], span: MetricSpan): Promise<readonly MetricSeries[]>;
}
