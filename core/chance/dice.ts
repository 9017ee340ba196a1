/** Seeded randomness: the same seed gives the same throws on every machine and in every version of Node. */
export interface Dice {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [low, high]. */
  int(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Picks with odds in proportion to `weight`. */
  pickWeighted<T extends { readonly weight: number }>(items: readonly T[]): T;
}

/**
 * Dice for one purpose, e.g. `dice(seed, 'document', 17)`. Each thing made has its own dice, so that adding a throw to one
 * changes no other, and a small sample begins like a large one.
 */
export function dice(...seed: readonly (number | string)[]): Dice {
  let state = fnv1a(seed.join('\u{1f}'));
  // mulberry32: 32 bits of state suffice, since each document starts dice of its own.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = <T>(items: readonly T[]): T => at(items, Math.floor(next() * items.length));
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick,
    pickWeighted: (items) => {
      let left = next() * items.reduce((sum, item) => sum + item.weight, 0);
      return items.find((item) => (left -= item.weight) < 0) ?? at(items, items.length - 1);
    },
  };
}

function at<T>(items: readonly T[], index: number): T {
  if (index < 0 || index >= items.length) throw new RangeError('Nothing to pick from: the list is empty.');
  return items[index] as T;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
