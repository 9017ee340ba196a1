import type { Column } from './bars.ts';

/** Bins of a chart. Dates too old for their own bin share the first one. */
const MAX_BINS = 30;
/** A chart that covers at most this many years shows quarters. */
const YEARS_BY_QUARTER = 3;

/**
 * Counts dates per year, or per quarter if they are close together. Empty years and quarters are included.
 * @param dates YYYY-MM-DD
 */
export function dateBins(dates: readonly string[]): Column[] {
  const years = dates.map((date) => Number(date.slice(0, 4)));
  if (years.length === 0) return [];
  // With reduce, because the arguments of Math.min are limited and there may be ten thousand dates.
  const newest = years.reduce((a, b) => Math.max(a, b));
  const oldest = years.reduce((a, b) => Math.min(a, b));
  const quarterly = newest - oldest < YEARS_BY_QUARTER;
  const slots = dates.map((date) => (quarterly ? quarterOf(date) : Number(date.slice(0, 4))));
  const last = slots.reduce((a, b) => Math.max(a, b));
  const first = Math.max(
    slots.reduce((a, b) => Math.min(a, b)),
    last - MAX_BINS + 1,
  );
  const counts = Array.from({ length: last - first + 1 }, () => 0);
  for (const slot of slots) counts[Math.max(0, slot - first)] = (counts[Math.max(0, slot - first)] ?? 0) + 1;
  const folded = slots.some((slot) => slot < first);
  return counts.map((count, index) => {
    const label = quarterly ? nameQuarter(first + index) : String(first + index);
    return { label: folded && index === 0 ? `≤ ${label}` : label, count };
  });
}

/** Quarters since the year 0. */
const quarterOf = (date: string): number =>
  Number(date.slice(0, 4)) * 4 + Math.floor((Number(date.slice(5, 7)) - 1) / 3);
const nameQuarter = (quarter: number): string => `Q${(quarter % 4) + 1} ${Math.floor(quarter / 4)}`;
