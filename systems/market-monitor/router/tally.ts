import type { RoutedEvent } from '#core/streams/app.ts';
import type { Counts, CountStore } from '../digests/counts.ts';
import { hourOf } from '../digests/period.ts';
import { STREAM } from '../sources/source.ts';
import type { SourceStore } from '../sources/store.ts';

type Noted = { -readonly [Key in keyof Counts]: number };

/**
 * What a router has handled and set aside since the last flush: events by hour, and when each source was heard. It is told to people as a
 * measure: what was noted when a router dies is not counted.
 */
export class Tally {
  #hours = new Map<string, Noted>();
  #sources = new Map<string, number>();

  note({ time, late, source, arrivedAt }: Pick<RoutedEvent, 'time' | 'late' | 'source' | 'arrivedAt'>): void {
    const counts = this.#hour(time);
    counts.events += 1;
    if (late) counts.outOfOrder += 1;
    for (const name of [STREAM, source]) this.#sources.set(name, Math.max(arrivedAt, this.#sources.get(name) ?? 0));
  }

  /** Notes records that were set aside. @param times when they happened or arrived, in milliseconds since 1970 */
  noteRejected(times: readonly number[]): void {
    for (const time of times) this.#hour(time).rejected += 1;
  }

  #hour(time: number): Noted {
    const { id } = hourOf(time);
    const counts = this.#hours.get(id) ?? { events: 0, rejected: 0, outOfOrder: 0 };
    this.#hours.set(id, counts);
    return counts;
  }

  /** Writes what was noted. What fails is not written later: counts are no reason to handle a batch again. */
  async flush(counts: Pick<CountStore, 'add'>, sources: Pick<SourceStore, 'heard'>): Promise<void> {
    const [hours, heard] = [this.#hours, this.#sources];
    this.#hours = new Map();
    this.#sources = new Map();
    await Promise.allSettled([
      ...[...hours].map(async ([hour, seen]) => counts.add(hour, seen)),
      ...[...heard].map(async ([source, at]) => sources.heard(source, at)),
    ]);
  }
}
