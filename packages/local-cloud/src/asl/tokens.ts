import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { TaskOutcome, TaskProgress } from './frame-state.ts';

/**
 * Task tokens and the tasks that wait for them.
 *
 * Invariants
 * 1. A token is open from before its call is made until its task has taken the outcome, failed, timed out or was
 *    aborted; only an open token without an outcome can be answered.
 * 2. An outcome is noted in the task's progress before its waiter hears of it, so an answer that arrives before the call
 *    has returned, or after a restart before the task runs again, is not lost.
 * 3. A token is signed: one that was never given out is told from one whose task is over, without keeping old ones.
 */

/** What became of an answer: taken, its task over, or no token of ours. */
export type Answer = 'accepted' | 'timed-out' | 'invalid';

interface Open {
  readonly progress: TaskProgress;
  /** Notes the progress for the next commit. */
  readonly save: () => void;
  wake: (() => void) | undefined;
}

export class TaskTokens {
  readonly #key: Buffer;
  readonly #clock: Clock;
  readonly #open = new Map<string, Open>();

  /** `key` signs the tokens; it must outlive a restart as the tokens do. */
  constructor(key: Buffer, clock: Clock) {
    this.#key = key;
    this.#clock = clock;
  }

  /** A new token; 96 characters of base64. */
  issue(): string {
    const nonce = randomBytes(40);
    return Buffer.concat([nonce, this.#sign(nonce)]).toString('base64');
  }

  /** Opens a task's token for answers. */
  open(token: string, progress: TaskProgress, save: () => void): void {
    this.#open.set(token, { progress, save, wake: undefined });
  }

  /** Calls `wake` at the next answer or heartbeat. */
  watch(token: string, wake: () => void): void {
    const open = this.#open.get(token);
    if (open !== undefined) open.wake = wake;
  }

  /** The task is over; later answers get `timed-out`. */
  close(token: string): void {
    this.#open.delete(token);
  }

  /** Answers a token by success or failure. */
  answer(token: string, outcome: TaskOutcome): Answer {
    const open = this.#find(token);
    if (typeof open === 'string') return open;
    open.progress.outcome = outcome;
    open.save();
    open.wake?.();
    return 'accepted';
  }

  /** Puts off the heartbeat's deadline. */
  heartbeat(token: string): Answer {
    const open = this.#find(token);
    if (typeof open === 'string') return open;
    const { progress } = open;
    if (progress.heartbeatMs !== undefined) {
      progress.heartbeatDeadline = this.#clock.now() + progress.heartbeatMs;
      open.save();
      open.wake?.();
    }
    return 'accepted';
  }

  #find(token: string): Open | Exclude<Answer, 'accepted'> {
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
