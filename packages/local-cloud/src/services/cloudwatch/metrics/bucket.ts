import { add as addToSketch, mergeSketches, percentileOf } from './sketch.ts';
import type { Sketch } from './sketch.ts';

/** The values of one metric in one span of time. */
export interface Bucket {
  count: number;
  sum: number;
  min: number;
  max: number;
  /** The distribution of the values. Undefined while all values are the same. */
  sketch: Sketch | undefined;
}

/** Adds `count` times a value to a bucket, or creates one. Changes the bucket. */
export function addValue(bucket: Bucket | undefined, value: number, count = 1): Bucket {
  if (bucket === undefined) return { count, sum: value * count, min: value, max: value, sketch: undefined };
  if (bucket.sketch !== undefined || bucket.min !== value || bucket.max !== value) {
    addToSketch(sketchOf(bucket), value, count);
  }
  bucket.count += count;
  bucket.sum += value * count;
  bucket.min = Math.min(bucket.min, value);
  bucket.max = Math.max(bucket.max, value);
  return bucket;
}

/** Adds the values of another bucket. Changes the first one. */
export function mergeBuckets(bucket: Bucket | undefined, other: Bucket): Bucket {
  if (bucket === undefined) return { ...other, sketch: other.sketch && new Map(other.sketch) };
  const same = bucket.min === other.max && bucket.max === other.min;
  if (!same) mergeSketches(sketchOf(bucket), sketchOf({ ...other }));
  bucket.count += other.count;
  bucket.sum += other.sum;
  bucket.min = Math.min(bucket.min, other.min);
  bucket.max = Math.max(bucket.max, other.max);
  return bucket;
}

/** A percentile of the values, accurate to 1 %. */
export function bucketPercentile({ sketch, count, min, max }: Bucket, percent: number): number {
  if (sketch === undefined) return min;
  return Math.min(max, Math.max(min, percentileOf(sketch, count, percent)));
}

function sketchOf(bucket: Bucket): Sketch {
  if (bucket.sketch === undefined) {
    bucket.sketch = new Map();
    addToSketch(bucket.sketch, bucket.min, bucket.count);
  }
  return bucket.sketch;
}
