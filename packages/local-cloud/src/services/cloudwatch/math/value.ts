import { MathError } from './errors.ts';

/** The values of a time series, oldest first. Undefined is a missing data point. */
export type Points = readonly (number | undefined)[];

/** What an expression computes: a number, a time series, or several time series. */
export type Value =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'series'; readonly points: Points }
  | { readonly kind: 'list'; readonly items: readonly Points[] };

export const numberValue = (value: number): Value => ({ kind: 'number', value });
export const seriesValue = (points: Points): Value => ({ kind: 'series', points });

/** The time series of a value that is one or several. */
export function seriesIn(value: Value, what: string): readonly Points[] {
  if (value.kind === 'number') throw new MathError(`${what} needs a time series`);
  return value.kind === 'series' ? [value.points] : value.items;
}

/** Applies a function to each time series of a value. */
export function mapSeries(value: Value, change: (points: Points) => Points, what: string): Value {
  if (value.kind === 'number') throw new MathError(`${what} needs a time series`);
  if (value.kind === 'series') return seriesValue(change(value.points));
  return { kind: 'list', items: value.items.map(change) };
}
