/** Keeps a limit on what several tasks spend together: each reserves its worst case before it starts. */
export class Ledger {
  readonly #limit: number;
  #spent = 0;
  #reserved = 0;
  #waiting: (() => void)[] = [];

  /** @param limit in US dollars; Infinity for none */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get spent(): number {
    return this.#spent;
  }

  /** Reserves. Waits while tasks in work may give enough back; false if there is not enough left at all. */
  async reserve(usd: number): Promise<boolean> {
    for (;;) {
      // A billionth of slack for the rounding of sums.
      if (this.#spent + this.#reserved + usd <= this.#limit + 1e-9) {
        this.#reserved += usd;
        return true;
      }
      if (this.#reserved === 0 || this.#spent + usd > this.#limit) return false;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Ends a reservation with what it cost. */
  settle(reserved: number, usd: number): void {
    this.#reserved = Math.max(0, this.#reserved - reserved);
    // Sums of fractions leave crumbs.
    if (this.#reserved < 1e-12) this.#reserved = 0;
    this.#spent += usd;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}
