/** Figures of the replication that arrives in a region and leaves it. */
export interface ReplicationFigures {
  /** Items that other regions do not have yet, once for each region. */
  readonly underWay: number;
  /** How often a replica here met two writes that did not know of each other. */
  readonly conflicts: number;
  /** Milliseconds from a write elsewhere until it arrived here: of 99 of 100 items that arrived in the last minute. */
  readonly lagMsP99: number;
  /** The longest of all. */
  readonly lagMsMax: number;
}

const KEPT = 10_000;
/** An outage is over in the figures when it is over: what waited for its end arrived late, and is not the lag of today. */
const RECENT_MS = 60_000;

/** The lags of the last items that arrived. */
export class Lags {
  readonly #last: { readonly at: number; readonly ms: number }[] = [];
  #next = 0;
  max = 0;

  /** @param at when the item arrived */
  add(ms: number, at: number): void {
    this.#last[this.#next] = { at, ms };
    this.#next = (this.#next + 1) % KEPT;
    this.max = Math.max(this.max, ms);
  }

  /** Of those that arrived within a minute before a time. 0 if none did. */
  p99(now: number): number {
    const recent = this.#last.flatMap(({ at, ms }) => (at > now - RECENT_MS ? [ms] : [])).toSorted((a, b) => a - b);
    return recent[Math.ceil(recent.length * 0.99) - 1] ?? 0;
  }
}
