import type { Frame } from '../../asl/frame.ts';
import { waitUntil } from '../../asl/wait-until.ts';

/** How fast something may start: a bucket of `burst` starts, refilled by `perSecond`. */
export interface StartRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Lets starts through at a rate, in the order they asked. */
export class Pace {
  readonly #rate: StartRate;
  readonly #now: () => number;
  /** The instant at which the next start would be due were there no burst; never further back than the burst allows. */
  #due = 0;

  constructor(rate: StartRate, now: () => number) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Resolves when the next start may happen; fails with `Aborted` when the frame is cancelled. */
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
