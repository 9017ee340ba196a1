import type { EventData } from '../events/events.ts';
import { materialWordsIn } from './material-words.ts';
import type { Measured } from './measure-bar.ts';
import { minutesSince } from './measure-usual.ts';
import { withPrice } from './with-price.ts';
import type { SubjectState } from './state.ts';

const HOUR_MS = 3_600_000;
const KEPT_HEADLINES = 30;

/** Counts headlines of an hour of event time, and the words that often move a price. */
export function measureNews(before: SubjectState, { headline }: EventData<'market.news.v1'>, time: number): Measured {
  const known = before.news ?? [];
  const newest = Math.max(time, ...known);
  const news = [...known, time].filter((at) => at > newest - HOUR_MS).toSorted((one, other) => one - other);
  const materialWords = materialWordsIn(headline);
  const seen = { ...before.seen };
  const measures = Object.assign(withPrice(before), {
    newsInHour: news.filter((at) => at > time - HOUR_MS && at <= time).length,
    materialWords,
    newsQuietMinutes: minutesSince(seen['news'], time),
  });
  if (materialWords > 0) seen['news'] = Math.max(seen['news'] ?? 0, time);
  return { state: { ...before, news: news.slice(-KEPT_HEADLINES), seen }, measures };
}
