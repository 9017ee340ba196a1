import { array, assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoutedEvent } from '#core/streams/app.ts';
import { inOrder } from '#core/streams/in-order.ts';
import { MAX_IDS, MAX_OUTBOX_BYTES, type SubjectItem } from '#core/streams/subject-item.ts';
import { anEvent, applied, MEMORY_MS, seenBy, T0 } from './support.ts';

const numbers = (...all: number[]): RoutedEvent[] => all.map((number) => anEvent({ sequence: BigInt(number) }));
const withId = (id: string, of: Partial<RoutedEvent> = {}) => anEvent({ id, ...of });
const itemAfter = (events: readonly RoutedEvent[]): SubjectItem => {
  const { next } = applied(events);
  if (!next) throw new Error('Nothing was applied.');
  return next;
};

describe('an item', () => {
  it('has the next version after a batch, and the state of all its events', () => {
    const { next, counts } = applied(numbers(0, 1, 2));
    expect(next).toMatchObject({ version: 1, state: { sum: 3 } });
    expect(counts).toEqual({ applied: 3, late: 0, duplicates: 0, gapsDropped: 0 });
  });

  it('is not written for duplicates alone', () => {
    const item = itemAfter(numbers(0, 1));
    expect(applied(numbers(1, 0), item)).toMatchObject({ next: null, counts: { applied: 0, duplicates: 2 } });
  });

  it('does not change when the app fails on an event, which is rejected alone', () => {
    const poison = anEvent({ sequence: 1n, amount: -1 });
    const { next, rejected } = applied([...numbers(0), poison, ...numbers(2)]);
    expect(seenBy(next)).toEqual(['e-0', 'e-2']);
    expect(rejected).toMatchObject([{ item: { event: { id: 'e-1' } }, rejection: { reason: 'apply-failed' } }]);
    // Corrected, it may come again: its number is a gap.
    expect(seenBy(applied(numbers(1), itemAfter(numbers(0, 2))).next)).toEqual(['e-0', 'e-2', 'e-1 late']);
  });

  it('refuses state that is too big, and names its subject', () => {
    const { next, rejected } = applied([withId('big', { data: { amount: 1, pad: 'x'.repeat(65_536) } })]);
    expect(next).toBeNull();
    expect(rejected).toMatchObject([
      { rejection: { reason: 'state-too-big', detail: expect.stringContaining('s-1') } },
    ]);
  });

  it('takes as many events as its outbox has room for', () => {
    const events = Array.from({ length: 8 }, (_, index) =>
      withId(`e-${index}`, { source: 's'.repeat(200), data: { amount: 1, effects: 100 } }),
    );
    let { next, rest } = applied(events);
    expect(rest.length).toBeGreaterThan(0);
    while (next && rest.length > 0) {
      expect(JSON.stringify(next.outbox).length).toBeLessThanOrEqual(MAX_OUTBOX_BYTES);
      const waiting = rest.map(({ event }) => event);
      ({ next, rest } = applied(waiting, { ...next, outbox: [] }));
    }
    expect(seenBy(next)).toEqual(events.map(({ id }) => id));
  });

  it('holds an effect once', () => {
    const item = itemAfter([withId('a', { data: { amount: 100 } })]);
    expect(item.outbox).toMatchObject([{ id: 'bars/a/0', attempts: 0, since: T0 }]);
    const forgetful = { ...item, ids: [] };
    expect(applied([withId('a', { data: { amount: 100 } })], forgetful).next?.outbox).toHaveLength(1);
  });
});

describe('numbers', () => {
  it('accept what was skipped as late, once', () => {
    const item = itemAfter(numbers(0, 3));
    const { next, counts } = applied(numbers(1, 1), item);
    expect(seenBy(next)).toEqual(['e-0', 'e-3', 'e-1 late']);
    expect(counts).toMatchObject({ applied: 1, late: 1, duplicates: 1 });
  });

  it('accept what is below the first one that came', () => {
    expect(seenBy(applied(numbers(4), itemAfter(numbers(5))).next)).toEqual(['e-5', 'e-4 late']);
  });

  it('keep sources apart', () => {
    const { next } = applied([...numbers(7), anEvent({ source: 'other', sequence: 7n })]);
    expect(seenBy(next)).toHaveLength(2);
  });

  it('of a source that counts from the start again are rejected', () => {
    const { next, rejected } = applied(
      [anEvent({ sequence: 2n, time: T0 + 999 * 60_000 })],
      itemAfter(numbers(1, 2, 3)),
    );
    expect(next).toBeNull();
    expect(rejected).toMatchObject([{ rejection: { reason: 'number-reused' } }]);
  });

  it('that fall out of the gaps are counted, and rejected when they come', () => {
    const even = Array.from({ length: 103 }, (_, index) => index * 2);
    const { next, counts } = applied(numbers(...even));
    expect(counts.gapsDropped).toBe(2);
    const after = applied(numbers(1, 5, 4), next ?? undefined);
    expect(after.rejected).toMatchObject([{ rejection: { reason: 'number-forgotten' } }]);
    expect(after.counts).toMatchObject({ late: 1, duplicates: 1 });
  });
});

describe('ids', () => {
  it('drop duplicates, and are those of one source', () => {
    const item = itemAfter([withId('a'), withId('b')]);
    const { next } = applied([withId('b'), withId('a', { source: 'wire' }), withId('c')], item);
    expect(seenBy(next)).toEqual(['a', 'b', 'a', 'c']);
  });

  it('that are older than the memory are forgotten with the next event', () => {
    const item = itemAfter([withId('a')]);
    const { next } = applied([withId('b', { source: 'wire' })], item, { now: T0 + MEMORY_MS + 1 });
    expect(next?.ids.map(([, id]) => id)).toEqual(['b']);
    expect(next?.sources.map(({ source }) => source)).toEqual(['wire']);
  });

  it('of many events leave the item, and are duplicates there too', () => {
    const events = Array.from({ length: MAX_IDS + 1 }, (_, index) => withId(`e-${index}`));
    const { next, spilled } = applied(events);
    expect([...spilled, ...(next?.ids ?? [])].map(([, id]) => id)).toEqual(events.map(({ id }) => id));
    expect(spilled.length).toBe(MAX_IDS / 2 + 1);
    expect(next?.spilledUntil).toBe(T0 + MEMORY_MS);
    const again = applied([withId('e-0')], next ?? undefined, { isSpilled: ({ id }) => id === 'e-0' });
    expect(again.counts).toMatchObject({ applied: 0, duplicates: 1 });
  });

  it('are late by time', () => {
    const item = itemAfter([withId('a', { time: T0 })]);
    expect(seenBy(applied([withId('b', { time: T0 - 1 })], item).next)).toEqual(['a', 'b late']);
  });
});

describe('order', () => {
  it('is that of numbers within the places of their source', () => {
    const mixed = [...numbers(3), withId('news', { source: 'news' }), ...numbers(1, 2)];
    const ordered = inOrder(mixed.map((event) => ({ event })));
    expect(ordered.map(({ event }) => event.id)).toEqual(['e-1', 'news', 'e-2', 'e-3']);
  });

  it('and cuts into batches do not matter for what is applied once', () => {
    const deliveries = array(array(integer({ min: 0, max: 12 }), { maxLength: 6 }), { maxLength: 8 });
    assert(
      property(deliveries, (batches) => {
        let item: SubjectItem | undefined;
        for (const batch of batches) {
          const ordered = inOrder(numbers(...batch).map((event) => ({ event })));
          item =
            applied(
              ordered.map(({ event }) => event),
              item,
            ).next ?? item;
        }
        const once = new Set(batches.flat().map((number) => `e-${number}`));
        const seen = item ? seenBy(item).map((id) => id.replace(' late', '')) : [];
        expect(seen.toSorted()).toEqual([...once].toSorted());
        const onTime = item
          ? seenBy(item)
              .filter((id) => !id.endsWith('late'))
              .map((id) => Number(id.slice(2)))
          : [];
        expect(onTime).toEqual(onTime.toSorted((a, b) => a - b));
      }),
    );
  });
});
