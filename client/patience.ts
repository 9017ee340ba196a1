import { FleetError, withoutAnswer } from './fleet-error.ts';
import { pause } from './pause.ts';

export interface WaitOptions {
  /** Milliseconds to wait for the task to end. @default none: a task ends by its deadline at the latest */
  readonly timeoutMs?: number;
  /** Stops waiting. The task continues. */
  readonly signal?: AbortSignal;
}

/** Seconds that one request waits at the API. */
const WAIT_SECONDS = 20;
/** Milliseconds between two waiting requests, unless the API sends `Retry-After`. */
const PACE_MS = 100;
/** Node's timers take whole milliseconds, up to 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** How long, and at which pace, to wait for tasks. */
export class Patience {
  /** Aborted when the time is over, or by the caller's signal. */
  readonly stop: AbortSignal | undefined;
  readonly #timeoutMs: number | undefined;
  readonly #until: number;
  readonly #limit: AbortSignal | undefined;
  readonly #signal: AbortSignal | undefined;

  constructor({ timeoutMs, signal }: WaitOptions) {
    this.#timeoutMs = timeoutMs;
    this.#until = timeoutMs === undefined ? Infinity : Date.now() + timeoutMs;
    this.#limit = timeoutMs === undefined ? undefined : AbortSignal.timeout(timerMs(timeoutMs));
    this.#signal = signal;
    this.stop = signal && this.#limit ? AbortSignal.any([signal, this.#limit]) : (signal ?? this.#limit);
  }

  /** Seconds that the next request waits. */
  nextSeconds(): number {
    return Math.max(0, Math.min(WAIT_SECONDS, Math.ceil((this.#until - Date.now()) / 1_000)));
  }

  async pause(retryAfterMs: number | undefined): Promise<void> {
    await pause(retryAfterMs ?? PACE_MS, this.stop);
  }

  /** Whether the time is over, and the caller did not stop waiting. */
  get isOver(): boolean {
    return this.#limit?.aborted === true && this.#signal?.aborted !== true;
  }

  timedOut(id: string, cause: unknown): FleetError {
    const detail = `The task ${id} did not end within ${this.#timeoutMs} ms. It is still running: wait for it again.`;
    return new FleetError(withoutAnswer('timed-out', detail), { cause });
  }
}

const timerMs = (ms: number): number => Math.min(MAX_TIMER_MS, Math.max(0, Math.ceil(ms)));
