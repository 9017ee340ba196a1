import { bucketPercentile } from './bucket.ts';
import type { Bucket } from './bucket.ts';

/** Computes one number from the values of a period. */
export type Statistic = (bucket: Bucket) => number;

const STATISTICS: Readonly<Record<string, Statistic>> = {
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
  if (Object.hasOwn(STATISTICS, name)) return STATISTICS[name];
  const percent = Number(/^p(\d{1,3}(?:\.\d+)?)$/.exec(name)?.[1]);
  return percent >= 0 && percent <= 100 ? (bucket) => bucketPercentile(bucket, percent) : undefined;
}
