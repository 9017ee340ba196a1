import { createHmac, createSecretKey, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto';
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
 * 4. A token names its state machine, so that whoever answers it is judged by what it may do with that one.
 */

/** The result of answering a token: delivered, its task has ended, or not a token of this cloud. */
export type Delivery = 'delivered' | 'timed-out' | 'invalid';

interface Open {
  readonly progress: TaskProgress;
  /** Adds the progress to the next commit. */
  readonly save: () => void;
  wake: (() => void) | undefined;
}

/** Bytes of the random part and of the signature. */
const NONCE = 40;
const SIGNATURE = 32;

export class TaskTokens {
  readonly #key: KeyObject;
  readonly #clock: Clock;
  readonly #open = new Map<string, Open>();

  /** `key` signs the tokens. Like the tokens, it must survive a restart. */
  constructor(key: Buffer, clock: Clock) {
    this.#key = createSecretKey(key);
    this.#clock = clock;
  }

  /** Creates a token for a state machine, given by its ARN: base64 of a random part, the ARN and a signature. */
  issue(machine: string): string {
    const content = Buffer.concat([randomBytes(NONCE), Buffer.from(machine)]);
    return Buffer.concat([content, this.#sign(content)]).toString('base64');
  }

  /** The ARN of the state machine of a token, also of one whose task has ended. Undefined for one that is not ours. */
  machineOf(token: string): string | undefined {
    const machine = this.#contentOf(token)?.subarray(NONCE).toString();
    // Tokens of earlier releases name none.
    return machine === '' ? undefined : machine;
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
    if (open === undefined) return this.#contentOf(token) === undefined ? 'invalid' : 'timed-out';
    const { outcome, deadline = Infinity, heartbeatDeadline = Infinity } = open.progress;
    const now = this.#clock.now();
    return outcome !== undefined || now >= deadline || now >= heartbeatDeadline ? 'timed-out' : open;
  }

  /** What was signed; undefined if it was not signed here. */
  #contentOf(token: string): Buffer | undefined {
    const bytes = Buffer.from(token, 'base64');
    if (bytes.length < NONCE + SIGNATURE) return undefined;
    const content = bytes.subarray(0, -SIGNATURE);
    return timingSafeEqual(bytes.subarray(-SIGNATURE), this.#sign(content)) ? content : undefined;
  }

  #sign(content: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(content).digest();
  }
}
