import type { RoutedEvent } from './app.ts';
import { mark, standingOf } from './numbers.ts';
import type { Rejection } from './parse.ts';
import {
  MAX_ID_CHARS,
  MAX_IDS,
  MAX_SOURCES,
  type HandledId,
  type SourceMemory,
  type SubjectItem,
} from './subject-item.ts';

/** What the memory of a subject says about an event. */
export type Verdict =
  | { readonly kind: 'new'; readonly late: boolean }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

const DUPLICATE: Verdict = { kind: 'duplicate' };

/** @param spilled whether an item of its own says that the event was handled */
export function recall(item: SubjectItem, event: RoutedEvent, spilled: boolean): Verdict {
  const source = item.sources.find((known) => known.source === event.source);
  if (event.sequence === null) {
    if (spilled || item.ids.some(([name, id]) => name === event.source && id === event.id)) return DUPLICATE;
    if (!source) return first(item);
    return { kind: 'new', late: event.time < source.newest };
  }
  if (!source) return first(item);
  switch (standingOf(source.numbers, event.sequence)) {
    case 'new':
      return { kind: 'new', late: false };
    case 'late':
      return { kind: 'new', late: true };
    case 'handled':
      // A duplicate is never newer than the newest event that was handled: its source counts from the start again.
      return event.time > source.newest ? rejected('number-reused', REUSED(event)) : DUPLICATE;
    case 'forgotten':
      return rejected('number-forgotten', FORGOTTEN(event));
  }
}

const REUSED = ({ source, sequence, subject }: RoutedEvent): string =>
  `${source} sent the number ${sequence} of ${subject} before, for an older event. A source that counts from the start again needs another name.`;
const FORGOTTEN = ({ source, sequence, subject }: RoutedEvent): string =>
  `${source} skipped too many numbers of ${subject} to say whether ${sequence} was handled. If not, send it under a new number.`;

function first(item: SubjectItem): Verdict {
  if (item.sources.length < MAX_SOURCES) return { kind: 'new', late: false };
  return rejected('too-many-sources', `A subject has at most ${MAX_SOURCES} sources at once. Use one name per source.`);
}

const rejected = (reason: Rejection['reason'], detail: string): Verdict => ({
  kind: 'rejected',
  rejection: { reason, detail },
});

/** The memory with the event as handled. `dropped` is the number of gaps that were forgotten. */
export function remember(
  item: SubjectItem,
  event: RoutedEvent,
  now: number,
): { readonly item: SubjectItem; readonly dropped: number } {
  const known = item.sources.find(({ source }) => source === event.source);
  const before: SourceMemory = known ?? { source: event.source, numbers: { gaps: [] }, newest: event.time, at: now };
  const { numbers, dropped } =
    event.sequence === null ? { numbers: before.numbers, dropped: 0 } : mark(before.numbers, event.sequence);
  const after: SourceMemory = { ...before, numbers, newest: Math.max(before.newest, event.time), at: now };
  const sources = known ? item.sources.map((other) => (other === known ? after : other)) : [...item.sources, after];
  const handled: HandledId[] = event.sequence === null ? [[event.source, event.id, now]] : [];
  return { item: { ...item, sources, ids: [...item.ids, ...handled] }, dropped };
}

/** Drops what is older than the memory. Its events are in no stream any more. */
export function forget(item: SubjectItem, now: number, memoryMs: number): SubjectItem {
  const oldest = now - memoryMs;
  if (!item.sources.some(({ at }) => at < oldest) && !item.ids.some(([, , at]) => at < oldest)) return item;
  return {
    ...item,
    sources: item.sources.filter(({ at }) => at >= oldest),
    ids: item.ids.filter(([, , at]) => at >= oldest),
  };
}

/**
 * Moves the oldest ids out of the item when there are too many. They must be written to items of their own before the item
 * is written without them.
 */
export function spill(
  item: SubjectItem,
  now: number,
  memoryMs: number,
): { readonly item: SubjectItem; readonly spilled: readonly HandledId[] } {
  const chars = item.ids.reduce((sum, [source, id]) => sum + source.length + id.length, 0);
  if (item.ids.length <= MAX_IDS && chars <= MAX_ID_CHARS) return { item, spilled: [] };
  // Half of them, so that the next event does not spill again.
  const kept = Math.floor(Math.min(item.ids.length, MAX_IDS) / 2);
  const cut = item.ids.length - kept;
  return {
    item: { ...item, ids: item.ids.slice(cut), spilledUntil: now + memoryMs },
    spilled: item.ids.slice(0, cut),
  };
}
