import { Measures, percent } from './measures.ts';
import type { SubjectState } from './state.ts';

/** The figures of an event without a price of its own: the last price is that of the last bar. */
export function withPrice({ recent, session }: SubjectState): Measures {
  const last = recent?.at(-1);
  const measures = new Measures();
  if (last === undefined || session === undefined) return measures;
  return Object.assign(measures, {
    close: last.c,
    previousClose: session.previousClose,
    dayPct: percent(session.previousClose, last.c),
  });
}
