/** What identifies a metric: its namespace, its name and its dimensions. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  /** Values by name. Another set of dimensions is another metric, as on AWS. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One measured value. */
export interface Sample extends MetricId {
  readonly value: number;
  /** Milliseconds since 1970. @default now */
  readonly at?: number;
  /** How often the value occurred. @default 1 */
  readonly count?: number;
  readonly unit?: string | undefined;
}

/** Records a measured value. */
export type Measure = (sample: Sample) => void;

export const MINUTE_MS = 60_000;

/** The minute of a time, counted since 1970. */
export const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS);

/** A row of periods. */
export interface Window {
  /** The minute with which the first period begins. */
  readonly from: number;
  /** Minutes. */
  readonly period: number;
  readonly count: number;
}

/** The same text for the same metric, whatever the order of its dimensions. */
export function metricKey({ namespace, name, dimensions }: MetricId): string {
  const sorted = Object.entries(dimensions).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([namespace, name, sorted]);
}

/** The metric of a key. */
export function metricOfKey(key: string): MetricId {
  const [namespace, name, dimensions] = JSON.parse(key) as [string, string, [string, string][]];
  return { namespace, name, dimensions: Object.fromEntries(dimensions) };
}
