import type { Frame } from '../../asl/frame.ts';
import { waitUntil } from '../../asl/wait-until.ts';

/** A limit on the rate of starts: a token bucket of size `burst`, refilled at `perSecond`. */
export interface StartRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Delays starts to a given rate, in the order of the calls. */
export class Pace {
  readonly #rate: StartRate;
  readonly #now: () => number;
  /** When the next start would be due without a burst. It lags behind the current time by the burst at most. */
  #due = 0;

  constructor(rate: StartRate, now: () => number) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Resolves when the next start is allowed. Rejects with `Aborted` when the frame is cancelled. */
  async take(frame: Frame): Promise<void> {
    const { perSecond, burst } = this.#rate;
    const gap = 1000 / perSecond;
    const now = this.#now();
    this.#due = Math.max(this.#due, now - (burst - 1) * gap);
    const at = this.#due;
    this.#due += gap;
    if (at > now) await waitUntil(at, frame);
  }
}
