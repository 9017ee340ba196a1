import type { EventData } from '../events/events.ts';
import type { Measured } from './measure-bar.ts';
import { URGENT_ITEMS } from './measures.ts';
import { withPrice } from './with-price.ts';
import type { SubjectState } from './state.ts';

const DAY_MS = 24 * 3_600_000;
/** An amendment comes within days. Later, the same item is another event. */
const ITEMS_DAYS = 30;
const KEPT_FILINGS = 20;
const KEPT_ITEMS = 20;

/**
 * A filing comes once for each role, with one accession number: copies say nothing new. An amendment (`8-K/A`) is new only
 * by items that no filing of the last 30 days had, so the amendment of an urgent filing is no second alert, and one that adds
 * an urgent item is.
 */
export function measureFiling(before: SubjectState, filing: EventData<'market.filing.v1'>, time: number): Measured {
  const { accessionNumber, form, insiderUsd = 0 } = filing;
  const known = before.filings ?? [];
  if (known.includes(accessionNumber)) return { state: before, measures: null };
  const filedItems = [...new Set(filing.items)];
  const earlier = new Set(
    (before.items ?? []).filter(({ at }) => at > time - ITEMS_DAYS * DAY_MS).map(({ item }) => item),
  );
  const newItems = form.endsWith('/A') ? filedItems.filter((item) => !earlier.has(item)) : filedItems;
  const items = [...(before.items ?? []), ...newItems.map((item) => ({ item, of: accessionNumber, at: time }))].slice(
    -KEPT_ITEMS,
  );
  const urgent = new Set(
    items.filter(({ item, at }) => URGENT_ITEMS.has(item) && at > time - DAY_MS).map(({ of }) => of),
  );
  const measures = Object.assign(withPrice(before), {
    newFiling: true,
    newItems,
    urgentFilings: urgent.size,
    insiderUsd,
  });
  return { state: { ...before, filings: [...known, accessionNumber].slice(-KEPT_FILINGS), items }, measures };
}
