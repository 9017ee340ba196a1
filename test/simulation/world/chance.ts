/** Seeded chance: the same seed draws the same numbers in the same order. */
export interface Chance {
  /** Uniform in [0, 1). */
  next(): number;
  /** True with probability `p`. */
  hits(p: number): boolean;
  /** An integer in [low, high]. */
  between(low: number, high: number): number;
  pick<Value>(values: readonly [Value, ...Value[]]): Value;
}

/** Creates a source of chance. Each `stream` of a seed is independent: drawing from one does not change the others. */
export function chanceOf(seed: number, stream: number): Chance {
  let state = Math.imul(seed ^ Math.imul(stream, 0x85ebca6b), 0x9e3779b1) >>> 0;
  // Tommy Ettinger's 32-bit generator: small, quick, and good enough to disturb a simulation.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    hits: (p) => next() < p,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (values) => values[Math.floor(next() * values.length)] ?? values[0],
  };
}
