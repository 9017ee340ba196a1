import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { TaskOutcome, TaskProgress } from './frame-state.ts';

/**
 * Task tokens and the tasks that wait for them.
 *
 * Invariants
 * 1. A token opens before its call is made. It closes when its task has read the outcome, failed, timed out or aborted.
 *    Only an open token without an outcome can be answered.
 * 2. An outcome is stored in the progress of the task before the task is woken. An answer is not lost when it arrives
 *    before the call has returned, or after a restart before the task runs again.
 * 3. A token is signed. The signature tells an invalid token from one whose task has ended, without storing old tokens.
 */

/** The result of answering a token: delivered, its task has ended, or not a token of this cloud. */
export type Delivery = 'delivered' | 'timed-out' | 'invalid';

interface Open {
  readonly progress: TaskProgress;
  /** Adds the progress to the next commit. */
  readonly save: () => void;
  wake: (() => void) | undefined;
}

export class TaskTokens {
  readonly #key: Buffer;
  readonly #clock: Clock;
  readonly #open = new Map<string, Open>();

  /** `key` signs the tokens. Like the tokens, it must survive a restart. */
  constructor(key: Buffer, clock: Clock) {
    this.#key = key;
    this.#clock = clock;
  }

  /** Creates a token: 96 characters of base64. */
  issue(): string {
    const nonce = randomBytes(40);
    return Buffer.concat([nonce, this.#sign(nonce)]).toString('base64');
  }

  /** Opens the token of a task for answers. */
  open(token: string, progress: TaskProgress, save: () => void): void {
    this.#open.set(token, { progress, save, wake: undefined });
  }

  /** Calls `wake` at the next answer or heartbeat. */
  watch(token: string, wake: () => void): void {
    const open = this.#open.get(token);
    if (open !== undefined) open.wake = wake;
  }

  /** Closes the token of a task that has ended. Later answers return `timed-out`. */
  close(token: string): void {
    this.#open.delete(token);
  }

  /** Answers a token with success or failure. */
  answer(token: string, outcome: TaskOutcome): Delivery {
    const open = this.#find(token);
    if (typeof open === 'string') return open;
    open.progress.outcome = outcome;
    open.save();
    open.wake?.();
    return 'delivered';
  }

  /** Extends the heartbeat deadline of the task. */
  heartbeat(token: string): Delivery {
    const open = this.#find(token);
    if (typeof open === 'string') return open;
    const { progress } = open;
    if (progress.heartbeatMs !== undefined) {
      progress.heartbeatDeadline = this.#clock.now() + progress.heartbeatMs;
      open.save();
      open.wake?.();
    }
    return 'delivered';
  }

  #find(token: string): Open | Exclude<Delivery, 'delivered'> {
    const open = this.#open.get(token);
    if (open === undefined) return this.#isOurs(token) ? 'timed-out' : 'invalid';
    const { outcome, deadline = Infinity, heartbeatDeadline = Infinity } = open.progress;
    const now = this.#clock.now();
    return outcome !== undefined || now >= deadline || now >= heartbeatDeadline ? 'timed-out' : open;
  }

  #isOurs(token: string): boolean {
    const bytes = Buffer.from(token, 'base64');
    return bytes.length === 72 && timingSafeEqual(bytes.subarray(40), this.#sign(bytes.subarray(0, 40)));
  }

  #sign(nonce: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(nonce).digest();
  }
}
