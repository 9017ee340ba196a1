/** Figures of the replication that arrives in a region and leaves it. */
export interface ReplicationFigures {
  /** Items that other regions do not have yet, once for each region. */
  readonly underWay: number;
  /** How often a replica here met two writes that did not know of each other. */
  readonly conflicts: number;
  /** Milliseconds from a write elsewhere until it arrived here: of the last 10,000 items that arrived, and the longest. */
  readonly lagMsP99: number;
  readonly lagMsMax: number;
}

const KEPT = 10_000;

/** The lags of the last items that arrived. */
export class Lags {
  readonly #last: number[] = [];
  #next = 0;
  max = 0;

  add(ms: number): void {
    this.#last[this.#next] = ms;
    this.#next = (this.#next + 1) % KEPT;
    this.max = Math.max(this.max, ms);
  }

  get p99(): number {
    const sorted = this.#last.toSorted((a, b) => a - b);
    return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
  }
}
