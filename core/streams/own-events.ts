import type { Clock } from '../ports/clock.ts';
import type { CloudEvent } from './cloud-event.ts';
import type { Routed } from './route.ts';
import type { SourceRecord } from './source-record.ts';

/** The part of a router that own events need. */
export interface RoutesRecords {
  route(records: readonly SourceRecord[], timeLeftMs: () => number): Promise<Routed>;
}

/**
 * Routes events that an app makes itself, such as one about a portfolio that follows from one about an instrument. They take
 * no way through the stream: so they need no producer, and are the same whichever stream it is.
 *
 * An event is applied once (I17), so its effect may be repeated. One batch is routed at a time, and what comes meanwhile is
 * the next one: within a process no two writes of a subject compete. The effects of an own event must not publish another
 * one, which would wait for itself.
 */
export class OwnEvents {
  readonly #router: RoutesRecords;
  readonly #clock: Pick<Clock, 'now'>;
  #waiting: SourceRecord[] = [];
  /** The batch that takes what waits. */
  #next: Promise<ReadonlySet<SourceRecord>> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(router: RoutesRecords, clock: Pick<Clock, 'now'>) {
    this.#router = router;
    this.#clock = clock;
  }

  /** Applies events. Throws if one could not be applied: then its effect is retried. */
  async publish(events: readonly CloudEvent[]): Promise<void> {
    const records = events.map((event) => recordOf(event, this.#clock.now()));
    this.#waiting.push(...records);
    this.#next ??= this.#afterLast();
    const failed = await this.#next;
    const missing = records.filter((record) => failed.has(record)).length;
    if (missing > 0)
      throw new Error(`${missing} of ${records.length} own events could not be applied. The log has the reason.`);
  }

  #afterLast(): Promise<ReadonlySet<SourceRecord>> {
    const next = this.#last.then(async () => this.#routeWaiting());
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #routeWaiting(): Promise<ReadonlySet<SourceRecord>> {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#next = undefined;
    const { failed } = await this.#router.route(batch, () => Infinity);
    return new Set(failed);
  }
}

/** It stands in no partition, so each is one of its own. */
const recordOf = (event: CloudEvent, arrivedAt: number): SourceRecord => ({
  stream: event.source,
  partition: event.id,
  position: '0',
  key: event.subject,
  bytes: new TextEncoder().encode(JSON.stringify(event)),
  arrivedAt,
});
