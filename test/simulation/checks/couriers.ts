import type { ParkedCallback } from '#core/ports/callback-store.ts';
import type { Delivery } from '#core/ports/webhook.ts';
import type { Actor } from '../world/actor.ts';
import { same } from './history.ts';
import { expectThat } from './violation.ts';

/** As the documentation promises them. */
const ATTEMPTS = 11;
const MAX_WAIT_MS = 6 * 3_600_000;
const MAX_HIDDEN_MS = 900_000;
/** How long a callback is left alone the first time, and at most; each up to a quarter longer. */
const DOWN_MS = 60_000;
const MAX_DOWN_MS = 1_800_000;
/** Deliveries in a row without an answer, after which a receiver is left alone. */
const SILENT = 3;
/** Parking takes a moment, in which the clock goes on. */
const MOMENT_MS = 15_000;
/** The schedule: 5 s, 20 s, 80 s … 6 hours, each up to a quarter longer. */
const plannedMs = (attempt: number): number => Math.min(MAX_WAIT_MS, 5_000 * 4 ** (attempt - 1));

/** What a receiver answers: a status, or nothing at all, and how long it asks to be left alone. */
export interface Heard {
  readonly status: number | null;
  readonly askedMs: number;
}

/** What became of a message. */
interface Decided {
  /** Null: nothing was delivered. */
  readonly heard: Heard | null;
  readonly attempt: number;
  /** The attempts that were noted before, and the deliveries in a row that no receiver had answered. */
  readonly earlier: number;
  readonly silent: number;
  /** Until the next delivery. Null: there is none. */
  readonly waitMs: number | null;
  readonly isParked: boolean;
}

/**
 * W: each ended task's callback is delivered to its receiver (I6).
 * - W1 Every delivery of a task has one id and one body.
 * - W2 A callback is done with once its receiver has answered 2xx, or 410, and given up only after eleven deliveries.
 * - W3 It is delivered again no sooner than the schedule says and the receiver asked for, up to six hours, and no later
 *   than a quarter more. What waits for longer than 15 minutes does not wait in the queue.
 * - W4 In the end each callback was delivered, or given up by these rules.
 * - W5 The attempts go on where they were when it was parked.
 * - W6 A receiver is left alone only after it was silent three times, for a minute at first, each time twice as
 *   long, up to half an hour. This counts as no attempt.
 */
export class CourierBooks {
  readonly #deliveries = new Map<string, Delivery>();
  readonly #counts = new Map<string, number>();
  readonly #attempts = new Map<string, number>();
  readonly #sent = new Map<string, number>();
  readonly #timesLeft = new Map<string, number>();
  /** When parked callbacks are due. */
  readonly #due = new Map<string, number>();
  readonly #done = new Set<string>();
  silent = 0;

  /** A callback was put on its queue. */
  sent(taskId: string): void {
    this.#sent.set(taskId, (this.#sent.get(taskId) ?? 0) + 1);
  }

  /** Sent once: two messages of a callback each have their own attempts. */
  #isOne(taskId: string): boolean {
    return this.#sent.get(taskId) === 1;
  }

  /** The attempts that were noted when a callback was parked last. */
  attemptsOf(taskId: string): number {
    return this.#attempts.get(taskId) ?? 0;
  }

  delivered(taskId: string, delivery: Delivery, { status }: Heard): void {
    this.silent = status === null ? this.silent + 1 : 0;
    this.#counts.set(taskId, (this.#counts.get(taskId) ?? 0) + 1);
    const first = this.#deliveries.get(taskId) ?? delivery;
    this.#deliveries.set(taskId, first);
    expectThat(same(first, delivery), 'W1', () => `${delivery.url} is told ${delivery.id}, after ${first.id}`);
    expectThat(delivery.id === `${taskId}/end`, 'W1', () => `the id of a delivery of ${taskId} is ${delivery.id}`);
  }

  /** A parked callback is sent again. */
  woken(taskId: string, by: Actor): void {
    const due = this.#due.get(taskId);
    // Two that wake at once send it twice.
    if (due === undefined || by.machine.faults > 0) return this.sent(taskId);
    this.#due.delete(taskId);
    const early = due - by.latest;
    expectThat(early <= 0, 'W3', () => `${by.name} sends a callback ${early} ms before its time`);
    return undefined;
  }

  parked({ callback: { taskId }, attempts, dueAt }: ParkedCallback, by: Actor): void {
    // What takes effect late may undo what came after it.
    if (by.machine.faults > 0) this.sent(taskId);
    this.#due.set(taskId, dueAt);
    const made = this.#attempts.get(taskId) ?? 0;
    // A message whose worker died counts as delivered once more.
    expectThat(
      attempts >= made || !this.#isOne(taskId),
      'W5',
      () => `${taskId} is parked after ${attempts} attempts; it had ${made}`,
    );
    this.#attempts.set(taskId, attempts);
  }

  decided(taskId: string, { heard, attempt, earlier, silent, waitMs, isParked }: Decided, by: Actor): void {
    expectThat(
      attempt > earlier || !this.#isOne(taskId),
      'W5',
      () => `attempt ${attempt} of ${taskId}, after ${earlier}`,
    );
    expectThat(
      heard !== null || attempt > ATTEMPTS || silent >= SILENT,
      'W6',
      () => `left alone, silent ${silent} times`,
    );
    if (!heard) return this.#leftAlone(taskId, attempt, waitMs, by);
    const { status, askedMs } = heard;
    const isOver = status !== null && ((status >= 200 && status < 300) || status === 410);
    if (isOver || attempt >= ATTEMPTS) {
      expectThat(waitMs === null || (!isOver && waitMs === 0), 'W2', () => `${status} at attempt ${attempt}: goes on`);
      this.#done.add(taskId);
      return;
    }
    expectThat(waitMs !== null, 'W2', () => `delivery ${attempt} ended with ${status}, and no other follows`);
    const least = Math.max(plannedMs(attempt), Math.min(askedMs, MAX_WAIT_MS));
    const slack = isParked ? MOMENT_MS : 1;
    expectThat(
      by.machine.faults > 0 || ((waitMs ?? 0) >= least - slack && (waitMs ?? 0) <= least * 1.25 + 1),
      'W3',
      () => `delivery ${attempt + 1} comes after ${waitMs} ms; the schedule and the receiver say ${least}`,
    );
    expectThat(isParked || (waitMs ?? 0) <= MAX_HIDDEN_MS, 'W3', () => `a callback is hidden for ${waitMs} ms`);
  }

  #leftAlone(taskId: string, attempt: number, waitMs: number | null, by: Actor): void {
    if (attempt > ATTEMPTS) return this.gaveUp(taskId);
    const times = this.#timesLeft.get(taskId) ?? 0;
    this.#timesLeft.set(taskId, times + 1);
    const least = Math.min(MAX_DOWN_MS, DOWN_MS * 2 ** times);
    const ends = waitMs !== null && waitMs > least - MOMENT_MS && waitMs <= least * 1.25 + 1;
    expectThat(
      by.machine.faults > 0 || ends || !this.#isOne(taskId),
      'W6',
      () => `a receiver is left alone for ${waitMs} ms after ${times} times`,
    );
    const counted = this.#attempts.get(taskId) ?? 0;
    expectThat(
      counted === attempt - 1 || !this.#isOne(taskId),
      'W6',
      () => `leaving a receiver alone counts as attempt ${counted}`,
    );
    return undefined;
  }

  /** The queue gives a message up. */
  gaveUp(taskId: string): void {
    this.#done.add(taskId);
  }

  checkDone(tasks: Iterable<{ readonly id: string; readonly callback?: unknown }>): void {
    for (const { id, callback } of tasks)
      expectThat(callback === undefined || this.#done.has(id), 'W4', () => `the callback of ${id} was never delivered`);
  }
}
