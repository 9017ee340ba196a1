import { inParallel } from '../concurrency/in-parallel.ts';
import type { RejectedRecord } from '../ports/set-aside-store.ts';
import { CachedSubjects } from './cached-subjects.ts';
import { inOrder } from './in-order.ts';
import { parseRecord } from './parse.ts';
import { PERFORM_MS } from './perform.ts';
import { newSummary, type RouterPorts, type Summary } from './ports.ts';
import { noTime, NotYetError, SubjectRouter, type Delivered } from './route-subject.ts';
import type { SourceRecord } from './source-record.ts';

/**
 * Subjects that are handled at once. A burst is about many, and a write takes some milliseconds: so many keep the processor
 * of a router busy. Of more, each effect would wait for the writes of all others at each of its calls.
 */
const MAX_SUBJECTS_AT_ONCE = 16;

/** Time kept for the last subject: its write and its effects, in milliseconds. */
export const RESERVE_MS = PERFORM_MS + 5_000;

export interface Routed {
  /** Records that must come again. Everything after the lowest position of a partition may come again too. */
  readonly failed: readonly SourceRecord[];
  /** Of the failed ones, those with which nothing is wrong: there was no time for them, or no room in the outbox. */
  readonly notYet: readonly SourceRecord[];
  readonly summary: Summary;
}

/**
 * A router of one stream. It is kept between batches, since it remembers items.
 *
 * - I17 An accepted event is applied once, in the order of its subject.
 * - I18 An effect of an applied event is performed at least once, under one id.
 * - I19 A record that cannot be applied is set aside with its reason, and keeps no other from being applied.
 */
export class Router<State, Context, Effect extends { readonly id: string }> {
  readonly #ports: RouterPorts<State, Context, Effect>;
  readonly #cache: CachedSubjects<State>;

  constructor(ports: RouterPorts<State, Context, Effect>) {
    this.#ports = ports;
    this.#cache = new CachedSubjects(ports.subjects, ports.app);
  }

  /**
   * Routes a batch. A subject that fails holds up no other.
   * @param timeLeftMs milliseconds that are left; records without time come again
   */
  async route(records: readonly SourceRecord[], timeLeftMs: () => number): Promise<Routed> {
    const { app, clock } = this.#ports;
    const now = clock.now();
    const summary = newSummary();
    summary.records = records.length;
    summary.lagMs = Math.max(0, ...records.map(({ arrivedAt }) => now - arrivedAt));
    const { bySubject, rejected } = this.#parse(records, now);
    const subjects = [...bySubject.keys()];
    const hasTime = (): boolean => timeLeftMs() >= RESERVE_MS;
    const failed = new Set<SourceRecord>();
    const notYet = new Set<SourceRecord>();
    if (subjects.length > 0) {
      const [context] = await Promise.all([app.prepare(subjects, now), this.#cache.warm(subjects)]);
      const router = new SubjectRouter(this.#ports, this.#cache, summary);
      const work = async ([subject, delivered]: readonly [string, readonly Delivered[]]): Promise<void> => {
        const open = new Set(delivered);
        const done = (items: readonly Delivered[], refused: readonly RejectedRecord[]): void => {
          for (const item of items) open.delete(item);
          rejected.push(...refused);
        };
        try {
          if (!hasTime()) throw noTime();
          await router.route({ subject, items: inOrder(delivered), context, hasTime }, done);
        } catch (error) {
          this.#ports.report({ type: 'subject.failed', subject, error });
          for (const { record } of open) failed.add(record);
          if (error instanceof NotYetError) for (const { record } of open) notYet.add(record);
        }
      };
      const { first = [], others = [] } = Object.groupBy(bySubject, ([subject]) =>
        app.isFirst?.(subject) === true ? 'first' : 'others',
      );
      for (const some of [first, others]) await inParallel(some, work, Math.min(MAX_SUBJECTS_AT_ONCE, some.length));
    }
    await this.#setAside(rejected, summary, failed);
    summary.failed = failed.size;
    return { failed: [...failed], notYet: [...notYet], summary };
  }

  #parse(records: readonly SourceRecord[], now: number) {
    const bySubject = new Map<string, Delivered[]>();
    const rejected: RejectedRecord[] = [];
    for (const record of records) {
      const parsed = parseRecord(this.#ports.app, record, now);
      if ('rejection' in parsed) {
        rejected.push({ record, ...parsed.rejection });
        continue;
      }
      const { event } = parsed;
      const delivered = bySubject.get(event.subject);
      if (delivered) delivered.push({ event, record });
      else bySubject.set(event.subject, [{ event, record }]);
    }
    return { bySubject, rejected };
  }

  /** What cannot be set aside comes again: by then, the events are duplicates and the rejected ones are rejected again. */
  async #setAside(rejected: readonly RejectedRecord[], summary: Summary, failed: Set<SourceRecord>): Promise<void> {
    if (rejected.length === 0) return;
    try {
      await this.#ports.setAside.putRecords(rejected);
    } catch (error) {
      this.#ports.report({ type: 'set-aside.failed', error });
      for (const { record } of rejected) failed.add(record);
      return;
    }
    summary.rejected = rejected.length;
    for (const { record, reason } of rejected) this.#ports.report({ type: 'record.rejected', at: record, reason });
    this.#ports.app.rejected?.(
      rejected.map(({ record: { arrivedAt }, time = arrivedAt }) => Math.min(time, arrivedAt)),
    );
  }
}
