import type { CallbackMessage } from '#core/callbacks/event.ts';
import type { Delivery } from '#core/ports/webhook.ts';
import { same } from './history.ts';
import { expectThat } from './violation.ts';

/** As the documentation promises them. */
const ATTEMPTS = 11;
const MAX_WAIT_MS = 6 * 3_600_000;
/** The schedule: 5 s, 20 s, 80 s … 6 hours, each up to a quarter longer. */
const plannedMs = (attempt: number): number => Math.min(MAX_WAIT_MS, 5_000 * 4 ** (attempt - 1));

/** What its receiver answers: a status, nothing at all, and how long it asks to be left alone. */
export interface Heard {
  readonly status: number | null;
  readonly askedMs: number;
}

/** One message of the callback queue. */
export interface Courier {
  readonly callback: CallbackMessage;
  heard: Heard | null;
  delivery: Delivery | null;
}

/**
 * W: each ended task's callback is delivered to its receiver (I6).
 * - W1 Every delivery of a task has one id and one body.
 * - W2 A message is done with once its receiver has answered 2xx, or 410, and given up only after eleven deliveries.
 * - W3 It is delivered again no sooner than the schedule says and the receiver asked for, up to six hours, and no later
 *   than a quarter more.
 * - W4 In the end each callback was delivered, or given up by these rules.
 */
export class CourierBooks {
  readonly #deliveries = new Map<string, Delivery>();
  readonly #done = new Set<string>();

  delivered(taskId: string, delivery: Delivery): void {
    const first = this.#deliveries.get(taskId) ?? delivery;
    this.#deliveries.set(taskId, first);
    expectThat(same(first, delivery), 'W1', () => `${delivery.url} is told ${delivery.id}, after ${first.id}`);
    const event: unknown = JSON.parse(delivery.body);
    expectThat(
      delivery.id === `${taskId}/end` && typeof event === 'object' && event !== null,
      'W1',
      () => `the id of a delivery of ${taskId} is ${delivery.id}`,
    );
  }

  /** What became of a message after a delivery. @param waitMs until the next one; null: there is none */
  decided({ callback, heard }: Courier, attempt: number, waitMs: number | null): void {
    const { status, askedMs } = heard ?? { status: null, askedMs: 0 };
    const isOver = status !== null && ((status >= 200 && status < 300) || status === 410);
    expectThat(
      (waitMs === null) === (isOver || attempt >= ATTEMPTS),
      'W2',
      () => `delivery ${attempt} ended with ${status}, and ${waitMs === null ? 'no other follows' : 'another follows'}`,
    );
    if (waitMs === null) this.#done.add(callback.taskId);
    else {
      const least = Math.max(plannedMs(attempt), Math.min(askedMs, MAX_WAIT_MS));
      expectThat(
        waitMs >= least - 1 && waitMs <= least * 1.25 + 1,
        'W3',
        () => `delivery ${attempt + 1} comes after ${waitMs} ms; the schedule and the receiver say ${least}`,
      );
    }
  }

  checkDone(tasks: Iterable<{ readonly id: string; readonly callback?: unknown }>): void {
    for (const { id, callback } of tasks)
      expectThat(callback === undefined || this.#done.has(id), 'W4', () => `the callback of ${id} was never delivered`);
  }
}
