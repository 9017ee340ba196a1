import { slotsOf } from './events/day.ts';
import type { Item } from './events/item.ts';
import { recordsOf, type Made } from './faults/faults.ts';
import { disorderedBars } from './plan/disorder.ts';
import type { World } from './plan/world.ts';
import type { Counter } from './truth/counts.ts';

/** A record for a stream. Play it at any speed by `at`. */
export interface MarketRecord {
  /** When it reaches the stream, by the clock of the simulated day, in milliseconds since 1970. */
  readonly at: number;
  /** Partition key: the subject. */
  readonly key: string;
  /** A CloudEvent in JSON, unless it is a fault. */
  readonly bytes: Uint8Array;
  /** The truth about the record, for whoever judges a system: it is not part of what a system reads. */
  readonly is: 'event' | 'duplicate' | 'rejected' | 'future';
}

/** All records of the day in order of arrival. It keeps five minutes and what is late in memory, not the day. */
export function* recordsOfDay(world: World, counter: Counter): Generator<MarketRecord> {
  const sequences = new Map<string, number>();
  const disordered = disorderedBars(world);
  const items = new Waiting<Item>();
  const records = new Waiting<Made>();
  let number = 0;
  for (const slot of slotsOf(world)) {
    items.push(slot.items);
    for (const item of items.until(slot.to)) {
      const sequence = item.sequenced === true ? (sequences.get(item.subject) ?? 0) + 1 : null;
      if (sequence !== null) sequences.set(item.subject, sequence);
      records.push(recordsOf(world, item, sequence, number, disordered.has(item.id)));
      number += 1;
    }
    yield* counted(records.until(slot.to), counter);
  }
  yield* counted(records.until(Infinity), counter);
}

function* counted(records: readonly Made[], counter: Counter): Generator<MarketRecord> {
  for (const made of records) {
    counter.add(made);
    yield { at: made.at, key: made.key, bytes: made.bytes, is: made.is };
  }
}

/** What is made but has not arrived yet. */
class Waiting<T extends { readonly at: number }> {
  private entries: T[] = [];

  push(more: Iterable<T>): void {
    this.entries.push(...more);
  }

  /** Removes what arrives before `time`, in order of arrival. */
  until(time: number): T[] {
    const due = this.entries.filter(({ at }) => at < time).sort((one, other) => one.at - other.at);
    this.entries = this.entries.filter(({ at }) => at >= time);
    return due;
  }
}
