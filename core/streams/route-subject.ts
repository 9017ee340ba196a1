import type { RejectedRecord } from '../ports/set-aside-store.ts';
import type { EventName } from '../ports/subject-store.ts';
import { applyBatch, type Applied } from './apply-batch.ts';
import type { RoutedEvent } from './app.ts';
import type { CachedSubjects, Known } from './cached-subjects.ts';
import { performOutbox } from './perform.ts';
import type { RouterPorts, Summary } from './ports.ts';
import type { SourceRecord } from './source-record.ts';
import type { SubjectItem } from './subject-item.ts';

/** An event and the record that brought it. */
export interface Delivered {
  readonly event: RoutedEvent;
  readonly record: SourceRecord;
}

/** Each try but the first means that another router wrote the subject. */
const MAX_TRIES = 10;

/** Nothing is wrong with the events: time, room in the outbox or the item was not to be had. They come again. */
export class NotYetError extends Error {
  override readonly name = 'NotYetError';
}

export const noTime = (): NotYetError => new NotYetError('No time is left in this invocation. Its events come again.');

type Done = (items: readonly Delivered[], rejected: readonly RejectedRecord[]) => void;

export interface SubjectBatch<Context> {
  readonly subject: string;
  /** In order. */
  readonly items: readonly Delivered[];
  readonly context: Context;
  /** Whether there is time to go on. */
  readonly hasTime: () => boolean;
}

/**
 * Applies the events of one subject and performs their effects:
 * 1. Apply the events to the item, which may be a cached one.
 * 2. Write the item with its effects in the outbox, conditionally. If another router was faster, read and start again.
 * 3. Perform the effects, also those that a router before left behind. An effect that fails stays in the outbox.
 * 4. Write the item without the performed effects. If that fails, the sweep performs them again.
 *
 * A crash before 2 changes nothing. After 2, the events are duplicates when they come again, and the outbox is performed.
 * Throws if the store fails: the items that are not done come again.
 */
export class SubjectRouter<State, Context, Effect extends { readonly id: string }> {
  readonly #ports: RouterPorts<State, Context, Effect>;
  readonly #cache: CachedSubjects<State>;
  readonly #summary: Summary;

  constructor(ports: RouterPorts<State, Context, Effect>, cache: CachedSubjects<State>, summary: Summary) {
    this.#ports = ports;
    this.#cache = cache;
    this.#summary = summary;
  }

  /** @param done is called with the items that are applied, dropped or rejected for good, as the work goes on */
  async route(batch: SubjectBatch<Context>, done: Done): Promise<void> {
    let { items } = batch;
    do {
      const { applied, known } = await this.#applyAndWrite({ ...batch, items });
      const rest = new Set(applied.rest);
      const rejected = applied.rejected.map(({ item: { record, event }, rejection }) => ({
        record,
        ...rejection,
        time: event.time,
      }));
      done(
        items.filter((item) => !rest.has(item)),
        rejected,
      );
      // Without time for an effect that stalls, all are left to the sweep: the invocation must end before its limit.
      const hasRoom = batch.hasTime() && (await this.perform(batch.subject, known, applied.rest.length > 0));
      if (applied.rest.length === items.length && !hasRoom)
        throw new NotYetError(`The outbox of ${batch.subject} is full: its effects cannot be performed.`);
      items = applied.rest;
      if (items.length > 0 && !batch.hasTime()) throw noTime();
    } while (items.length > 0);
  }

  /**
   * Performs what is due and writes the item without it. Returns whether an effect left the outbox. Never throws.
   * @param isFull whether events wait for room in it
   */
  async perform(subject: string, { item, state }: Known<State>, isFull = false): Promise<boolean> {
    const { subjects, report } = this.#ports;
    try {
      const next = await performOutbox(this.#ports, subject, item, this.#summary, isFull);
      if (next === null) return false;
      this.#cache.forget(subject);
      // A competing router that wrote it meanwhile has the same effects, and performs them again.
      if ((await subjects.write(subject, next)) === 'refused') return false;
      this.#cache.written(subject, { item: next, state });
      return next.outbox.length < item.outbox.length;
    } catch (error) {
      // The events are applied. Their effects stay in the outbox, and the sweep performs them.
      report({ type: 'outbox.kept', subject, error });
      return false;
    }
  }

  async #applyAndWrite(batch: SubjectBatch<Context>): Promise<Written<State>> {
    const { subject } = batch;
    let cached = this.#cache.cached(subject);
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const known = cached ?? (await this.#cache.read(subject));
      const applied = await this.#apply(batch, known);
      // A duplicate is one for every newer item too. A rejection may be due to an old one.
      const isGuess = cached !== undefined && applied.rejected.length > 0;
      cached = undefined;
      if (applied.next === null) {
        if (!isGuess) return this.#counted(applied, known);
      } else if (await this.#write(subject, applied.next, applied)) {
        const written = { item: applied.next, state: applied.state };
        this.#cache.written(subject, written);
        return this.#counted(applied, written);
      }
    }
    throw new NotYetError(`Other routers wrote ${subject} ${MAX_TRIES} times meanwhile. Its events come again.`);
  }

  async #apply(
    { subject, items, context }: SubjectBatch<Context>,
    known: Known<State>,
  ): Promise<Applied<Delivered, State>> {
    const { app, clock, memoryMs } = this.#ports;
    const now = clock.now();
    const isSpilled = await this.#spilled(subject, items, known.item, now);
    return applyBatch(app, known, { items, context, now, memoryMs, isSpilled });
  }

  /** Whether an event is in an item of its own, which is read only if there may be some. */
  async #spilled(subject: string, items: readonly Delivered[], item: SubjectItem, now: number) {
    if ((item.spilledUntil ?? 0) <= now) return () => false;
    const names = items.flatMap(({ event }): EventName[] =>
      event.sequence === null ? [[event.source, event.id]] : [],
    );
    if (names.length === 0) return () => false;
    const found = new Set((await this.#ports.subjects.spilled(subject, names)).map((name) => JSON.stringify(name)));
    return ({ source, id }: RoutedEvent): boolean => found.has(JSON.stringify([source, id]));
  }

  /** The spilled ids first: an id must never be in neither. */
  async #write(
    subject: string,
    next: SubjectItem,
    { spilled }: Pick<Applied<Delivered, State>, 'spilled'>,
  ): Promise<boolean> {
    const { subjects, clock, memoryMs } = this.#ports;
    if (spilled.length > 0) await subjects.spill(subject, spilled, clock.now() + memoryMs);
    // If the answer is lost, nobody knows which item is stored.
    this.#cache.forget(subject);
    if ((await subjects.write(subject, next)) === 'written') return true;
    this.#summary.conflicts += 1;
    return false;
  }

  #counted(applied: Applied<Delivered, State>, known: Known<State>): Written<State> {
    const { counts, events } = applied;
    if (events.length > 0) this.#ports.app.handled?.(events);
    this.#summary.applied += counts.applied;
    this.#summary.late += counts.late;
    this.#summary.duplicates += counts.duplicates;
    this.#summary.gapsDropped += counts.gapsDropped;
    return { applied, known };
  }
}

interface Written<State> {
  readonly applied: Applied<Delivered, State>;
  /** The item as it is stored. */
  readonly known: Known<State>;
}
