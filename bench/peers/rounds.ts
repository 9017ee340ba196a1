/** The order of a round: each round begins with the next one, so that none is always first on a cold machine. */
export function rotated<Item>(items: readonly Item[], round: number): readonly Item[] {
  const first = items.length === 0 ? 0 : round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

/** Rounds to this many significant places after the point. */
export const rounded = (value: number, places: number): number => Math.round(value * 10 ** places) / 10 ** places;
