import { caughtUp } from './caught-up.ts';
import { makeDigests, type MadeDigest } from './digests.ts';
import type { MarketOfFleet } from './own-fleet.ts';

const HOUR_MS = 3_600_000;
/** Minutes after an hour at which its digest is due. */
const GRACE_MS = 10 * 60_000;
/** For the events of one hour, while the day goes on. */
const PATIENCE_MS = 60_000;

/** Makes digests one after the other, while events go on. */
export class Hours {
  readonly #market: MarketOfFleet;
  readonly #signal: AbortSignal;
  readonly #digests: MadeDigest[] = [];
  readonly #failed: string[] = [];
  readonly #end = new AbortController();
  #due = 0;
  #isOver = false;
  #work: Promise<void> = Promise.resolve();

  constructor(market: MarketOfFleet, signal: AbortSignal) {
    this.#market = market;
    this.#signal = signal;
  }

  /** The events have come to this time. */
  passed(at: number): void {
    const due = Math.floor((at - GRACE_MS) / HOUR_MS) * HOUR_MS + GRACE_MS;
    if (due <= this.#due) return;
    const isFirst = this.#due === 0;
    this.#due = due;
    if (isFirst) return;
    this.#work = this.#work.then(() => this.#make(due));
  }

  /** The day is over: digests wait for no more events. */
  over(): void {
    this.#isOver = true;
  }

  /** Waits for the digests. What is not made within `patienceMs` is named in `failed`. */
  async made(
    patienceMs: number,
  ): Promise<{ readonly digests: readonly MadeDigest[]; readonly failed: readonly string[] }> {
    const timer = setTimeout(() => this.#end.abort(), patienceMs);
    await this.#work;
    clearTimeout(timer);
    return { digests: this.#digests, failed: this.#failed };
  }

  /** What comes after a digest that is made too early stands in the next one as late. */
  async #make(due: number): Promise<void> {
    const time = new Date(due).toISOString().slice(0, 16);
    const signal = AbortSignal.any([this.#signal, this.#end.signal]);
    try {
      signal.throwIfAborted();
      const isComplete = this.#isOver || (await caughtUp(this.#market, signal, PATIENCE_MS));
      if (!isComplete) this.#failed.push(`The digest due at ${time} was made before the router had read its events.`);
      this.#digests.push(...(await makeDigests(this.#market, due, signal)));
    } catch (error) {
      const reason = signal.aborted || !(error instanceof Error) ? 'no time was left' : error.message;
      this.#failed.push(`The digest due at ${time} was not made: ${reason}.`);
    }
  }
}
