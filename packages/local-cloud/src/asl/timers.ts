import type { Clock } from './clock.ts';

/**
 * Runs thousands of waits on one timer of the clock.
 *
 * Invariants
 * 1. `#heap` is a binary min-heap by instant. A cancelled entry stays in it until it reaches the top, or until more than
 *    half of the heap is cancelled.
 * 2. At most one timer is armed, for the earliest entry.
 * 3. After `stop()` nothing fires.
 */

/** Longest delay that `setTimeout` supports. A longer wait is armed again when it fires. */
const MAX_DELAY = 2_147_483_647;

interface Entry {
  readonly at: number;
  callback: (() => void) | undefined;
}

export class Timers {
  readonly #clock: Clock;
  #heap: Entry[] = [];
  #cancelled = 0;
  #armed: { readonly at: number; readonly disarm: () => void } | undefined;
  #stopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Calls back once at `instant` (milliseconds since 1970), or as soon as possible after it. Returns a function that
   * cancels the call.
   */
  at(instant: number, callback: () => void): () => void {
    const entry: Entry = { at: instant, callback };
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    this.#arm();
    return () => {
      if (entry.callback === undefined) return;
      entry.callback = undefined;
      this.#cancelled += 1;
      if (this.#cancelled * 2 > this.#heap.length) this.#compact();
    };
  }

  /** Drops every wait. */
  stop(): void {
    this.#stopped = true;
    this.#armed?.disarm();
    this.#heap = [];
  }

  #arm(): void {
    const first = this.#heap[0];
    if (this.#stopped || first === undefined) return;
    if (this.#armed !== undefined && this.#armed.at <= first.at) return;
    this.#armed?.disarm();
    const delay = Math.min(Math.max(first.at - this.#clock.now(), 0), MAX_DELAY);
    this.#armed = { at: first.at, disarm: this.#clock.after(delay, () => this.#fire()) };
  }

  #fire(): void {
    this.#armed = undefined;
    const now = this.#clock.now();
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
      this.#pop();
      const callback = first.callback;
      first.callback = undefined;
      if (callback === undefined) this.#cancelled -= 1;
      else callback();
    }
    this.#arm();
  }

  #compact(): void {
    this.#heap = this.#heap.filter((entry) => entry.callback !== undefined).sort((a, b) => a.at - b.at);
    this.#cancelled = 0;
    if (this.#heap.length > 0) return;
    // Without waits, an armed timer would only keep the process from ending.
    this.#armed?.disarm();
    this.#armed = undefined;
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfEarlier(index, parent)) return;
      index = parent;
    }
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const child = this.#instant(right) < this.#instant(left) ? right : left;
      if (!this.#swapIfEarlier(child, index)) return;
      index = child;
    }
  }

  #instant(index: number): number {
    return this.#heap[index]?.at ?? Infinity;
  }

  #swapIfEarlier(lower: number, upper: number): boolean {
    const below = this.#heap[lower];
    const above = this.#heap[upper];
    if (below === undefined || above === undefined || below.at >= above.at) return false;
    this.#heap[lower] = above;
    this.#heap[upper] = below;
    return true;
  }
}
