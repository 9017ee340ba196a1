import type { RoutedEvent } from '#core/streams/app.ts';
import type { CountStore } from '../digests/counts.ts';
import { hourOf } from '../digests/period.ts';
import type { SourceStore } from '../sources/store.ts';

/**
 * What a router has handled since the last flush: events by hour, and when each source was heard. It is told to people as a
 * measure: what was noted when a router dies is not counted.
 */
export class Tally {
  #hours = new Map<string, { events: number; outOfOrder: number }>();
  #sources = new Map<string, number>();

  note({ time, late, source, arrivedAt }: Pick<RoutedEvent, 'time' | 'late' | 'source' | 'arrivedAt'>): void {
    const { id } = hourOf(time);
    const counts = this.#hours.get(id) ?? { events: 0, outOfOrder: 0 };
    counts.events += 1;
    if (late) counts.outOfOrder += 1;
    this.#hours.set(id, counts);
    this.#sources.set(source, Math.max(arrivedAt, this.#sources.get(source) ?? 0));
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
