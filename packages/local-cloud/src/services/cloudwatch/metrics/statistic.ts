import { bucketPercentile } from './bucket.ts';
import type { Bucket } from './bucket.ts';

/** Computes one number from the values of a period. */
export interface Statistic {
  readonly of: (bucket: Bucket) => number;
  /** Whether it needs the distribution of the values, which costs most to read. */
  readonly needsSketch: boolean;
}

const STATISTICS: Readonly<Record<string, Statistic['of']>> = {
  Average: ({ sum, count }) => sum / count,
  Maximum: ({ max }) => max,
  Minimum: ({ min }) => min,
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
};

/** The names that `statisticOf` supports, for messages. */
export const STATISTIC_NAMES = `${Object.keys(STATISTICS).join(', ')} and percentiles such as p99`;

/** The statistic of a name such as `Sum` or `p99.9`; undefined when it is not supported. */
export function statisticOf(name: string): Statistic | undefined {
  const known = Object.hasOwn(STATISTICS, name) ? STATISTICS[name] : undefined;
  if (known !== undefined) return { of: known, needsSketch: false };
  const percent = Number(/^p(\d{1,3}(?:\.\d+)?)$/.exec(name)?.[1]);
  if (!(percent >= 0 && percent <= 100)) return undefined;
  return { of: (bucket) => bucketPercentile(bucket, percent), needsSketch: true };
}
