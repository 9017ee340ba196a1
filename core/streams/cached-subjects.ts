import type { SubjectStore } from '../ports/subject-store.ts';
import { parseRecord } from '../stored/record.ts';
import type { StreamApp } from './app.ts';
import { EMPTY, type SubjectItem } from './subject-item.ts';

/** An item with the app's state as its schema reads it. */
export interface Known<State> {
  readonly item: SubjectItem;
  readonly state: State;
}

/** Items that one router keeps in memory. A subject beyond these costs a read. */
const MAX_CACHED = 2_000;

/**
 * The items as this router saw them last. A cached item is only a guess, since another router may have written a newer
 * one. What is decided from it counts only once it is written, or is the same for every newer item.
 */
export class CachedSubjects<State> {
  readonly #cached = new Map<string, Known<State>>();
  readonly #store: Pick<SubjectStore, 'getMany'>;
  readonly #app: Pick<StreamApp<State, never, never>, 'state' | 'initial'>;

  constructor(store: Pick<SubjectStore, 'getMany'>, app: Pick<StreamApp<State, never, never>, 'state' | 'initial'>) {
    this.#store = store;
    this.#app = app;
  }

  cached(subject: string): Known<State> | undefined {
    return this.#cached.get(subject);
  }

  async read(subject: string): Promise<Known<State>> {
    const item = (await this.#store.getMany([subject])).get(subject) ?? EMPTY;
    return this.#keep(subject, this.#known(subject, item));
  }

  /** Reads those that are not cached, many at once. What cannot be read is read again by itself, and fails alone. */
  async warm(subjects: readonly string[]): Promise<void> {
    const cold = subjects.filter((subject) => !this.#cached.has(subject));
    if (cold.length < 2) return;
    try {
      const items = await this.#store.getMany(cold);
      for (const subject of cold) this.#keep(subject, this.#known(subject, items.get(subject) ?? EMPTY));
    } catch {
      // Whoever needs them reads them again and sees the error.
    }
  }

  written(subject: string, known: Known<State>): void {
    this.#keep(subject, known);
  }

  forget(subject: string): void {
    this.#cached.delete(subject);
  }

  #known(subject: string, item: SubjectItem): Known<State> {
    if (item.state === undefined) return { item, state: this.#app.initial };
    return { item, state: parseRecord(this.#app.state, item.state, `The state of ${subject}`) };
  }

  #keep(subject: string, known: Known<State>): Known<State> {
    // The order of a map is that of its insertions, so the first one is the one that was used the longest ago.
    this.#cached.delete(subject);
    this.#cached.set(subject, known);
    const oldest = this.#cached.keys().next();
    if (this.#cached.size > MAX_CACHED && oldest.done !== true) this.#cached.delete(oldest.value);
    return known;
  }
}
