import { availableParallelism, totalmem } from 'node:os';

/** What waits for room on the machine. */
export interface Waiter {
  /** Called when room may have come free. */
  dispatch(): void;
  /** Gives up one idle environment, if there is one. */
  giveUpIdle(): boolean;
}

/** Memory that one environment is reckoned to take, code and data included: measured 26–39 MB, and room to work. */
const ENVIRONMENT_BYTES = 64 * 2 ** 20;

/**
 * What all functions share:
 * 1. At most 1,000 events run at once (the default quota of an AWS account); one more is throttled.
 * 2. At most `maxEnvironments` environments exist, as the machine's memory allows; one more waits, it is not refused.
 *    An idle environment of another function makes room first, or one that falls idle then.
 * 3. At most two environments a core start at the same time: more would make all of them late.
 */
export class Capacity {
  readonly #accountLimit: number;
  readonly #maxEnvironments: number;
  readonly #maxStarting: number;
  readonly #members = new Set<Waiter>();
  readonly #waiting = new Set<Waiter>();
  #running = 0;
  #environments = 0;
  #starting = 0;

  constructor(limits: { accountLimit?: number; maxEnvironments?: number; maxStarting?: number } = {}) {
    this.#accountLimit = limits.accountLimit ?? 1000;
    this.#maxEnvironments =
      limits.maxEnvironments ?? Math.max(8, Math.min(1000, Math.floor((totalmem() * 0.6) / ENVIRONMENT_BYTES)));
    this.#maxStarting = limits.maxStarting ?? 2 * availableParallelism();
  }

  join(member: Waiter): void {
    this.#members.add(member);
  }

  /** Counts one event in; false when the account's limit is reached. */
  admitEvent(): boolean {
    if (this.#running >= this.#accountLimit) return false;
    this.#running++;
    return true;
  }

  eventEnded(): void {
    this.#running--;
  }

  /** Takes the room of one environment that starts now; false when there is none, and `waiter` hears when there may be. */
  admitEnvironment(waiter: Waiter): boolean {
    if (this.#starting < this.#maxStarting) {
      if (this.#environments < this.#maxEnvironments) {
        this.#waiting.delete(waiter);
        this.#environments++;
        this.#starting++;
        return true;
      }
      // The room comes free when that environment has stopped, which calls everybody who waits.
      for (const member of this.#members) if (member !== waiter && member.giveUpIdle()) break;
    }
    this.#waiting.add(waiter);
    return false;
  }

  environmentStarted(): void {
    this.#starting--;
    this.#wake();
  }

  /** An environment of this member has nothing to do: where others wait for its room, it makes some. */
  environmentIdle(member: Waiter): void {
    if (this.#environments >= this.#maxEnvironments && this.#waiting.size > 0) member.giveUpIdle();
  }

  environmentGone(): void {
    this.#environments--;
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const waiter of waiting) waiter.dispatch();
  }
}
