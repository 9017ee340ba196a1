/**
 * A distribution of values in logarithmic bins, so that its size is bounded and two can be merged. A value read from it
 * differs from the one put in by at most 1 %, as in DDSketch (Masson et al., VLDB 2019). CloudWatch keeps distributions in
 * bins too.
 */
export type Sketch = Map<number, number>;

/** The quotient of neighbouring bins: ±1 % around the middle. */
const BASE = 1.02;
const LOG_BASE = Math.log(BASE);
/** Makes the index of every value above 10⁻¹⁷ positive, so that the sign of a bin is the sign of its values. */
const OFFSET = 2_000;

export function add(sketch: Sketch, value: number, count: number): void {
  const bin = binOf(value);
  sketch.set(bin, (sketch.get(bin) ?? 0) + count);
}

/** Adds the values of `other` to `sketch`. */
export function mergeSketches(sketch: Sketch, other: Sketch): void {
  for (const [bin, count] of other) sketch.set(bin, (sketch.get(bin) ?? 0) + count);
}

/** The smallest value that at least `percent` of the values do not exceed (nearest rank). */
export function percentileOf(sketch: Sketch, count: number, percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * count));
  let seen = 0;
  let value = 0;
  for (const [bin, many] of [...sketch].sort(([left], [right]) => left - right)) {
    value = valueOf(bin);
    seen += many;
    if (seen >= rank) break;
  }
  return value;
}

function binOf(value: number): number {
  if (value === 0) return 0;
  const index = Math.max(1, Math.round(Math.log(Math.abs(value)) / LOG_BASE) + OFFSET);
  return Math.sign(value) * index;
}

const valueOf = (bin: number): number => (bin === 0 ? 0 : Math.sign(bin) * BASE ** (Math.abs(bin) - OFFSET));
