import { caughtUp } from '../../cli/market/caught-up.ts';
import { makeDigests, type MadeDigest } from '../../cli/market/digests.ts';
import type { MarketOfFleet } from '../../cli/market/own-fleet.ts';

const HOUR_MS = 3_600_000;
/** Minutes after an hour at which its digest is due. */
const GRACE_MS = 10 * 60_000;
const PATIENCE_MS = 120_000;

/** Has the digest of each hour made once the events have passed it, and says how long each took. */
export class TimedDigests {
  readonly #market: MarketOfFleet;
  readonly #signal: AbortSignal;
  readonly #digests: MadeDigest[] = [];
  readonly #delays: number[] = [];
  #due = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(market: MarketOfFleet, signal: AbortSignal) {
    this.#market = market;
    this.#signal = signal;
  }

  /** The events have come to this time. The first hour is not whole. */
  passed(at: number): void {
    const due = Math.floor((at - GRACE_MS) / HOUR_MS) * HOUR_MS + GRACE_MS;
    if (due <= this.#due) return;
    const isFirst = this.#due === 0;
    this.#due = due;
    const dueAt = performance.now();
    if (!isFirst) this.#work = this.#work.then(() => this.#make(due, dueAt));
  }

  /** The digests, and the seconds from the time of each to the digest. */
  async made(): Promise<{ readonly digests: readonly MadeDigest[]; readonly digestDelays: readonly number[] }> {
    await this.#work;
    return { digests: this.#digests, digestDelays: this.#delays };
  }

  /** Its events first: the time until the router has read them is part of the delay. */
  async #make(due: number, dueAt: number): Promise<void> {
    await caughtUp(this.#market, this.#signal, PATIENCE_MS);
    this.#digests.push(...(await makeDigests(this.#market, due, this.#signal)));
    this.#delays.push((performance.now() - dueAt) / 1_000);
  }
}
