import { availableParallelism, totalmem } from 'node:os';

/** The environments of one function, which share the capacity of the machine with others. */
export interface CapacityUser {
  /** Called when there may be capacity for another environment. */
  dispatch(): void;
  /** Stops one idle environment. Returns false when there is none. */
  stopIdle(): boolean;
}

/** Estimated memory of one environment, including code and data: 26–39 MB measured, plus working memory. */
const ENVIRONMENT_BYTES = 64 * 2 ** 20;

/** How many environments fit into a cloud's part of the memory, in bytes. */
export const environmentsIn = (memory: number): number =>
  Math.max(8, Math.min(1000, Math.floor((memory * 0.6) / ENVIRONMENT_BYTES)));

/**
 * The capacity that all functions share:
 * 1. At most 1,000 events run at once (the default quota of an AWS account). Further events are throttled.
 * 2. At most `maxEnvironments` environments exist, depending on the machine's memory. Further ones wait instead of failing.
 *    To make room, an idle environment of another function stops, or the next one that becomes idle.
 * 3. At most two environments per core start at the same time, of all clouds together. More would delay all of them.
 */
export class Capacity {
  readonly #accountLimit: number;
  readonly #maxEnvironments: number;
  readonly #maxStarting: number;
  readonly #users = new Set<CapacityUser>();
  readonly #waiting = new Set<CapacityUser>();
  #running = 0;
  #environments = 0;
  #starting = 0;

  /** @param limits `clouds` says how many local clouds share the machine. @default 1 */
  constructor(limits: { accountLimit?: number; maxEnvironments?: number; maxStarting?: number; clouds?: number } = {}) {
    this.#accountLimit = limits.accountLimit ?? 1000;
    this.#maxEnvironments = limits.maxEnvironments ?? environmentsIn(totalmem() / (limits.clouds ?? 1));
    this.#maxStarting = limits.maxStarting ?? Math.ceil((2 * availableParallelism()) / (limits.clouds ?? 1));
  }

  join(user: CapacityUser): void {
    this.#users.add(user);
  }

  /** Counts a starting event. Returns false when the account limit is reached. */
  tryStartEvent(): boolean {
    if (this.#running >= this.#accountLimit) return false;
    this.#running++;
    return true;
  }

  eventEnded(): void {
    this.#running--;
  }

  /** Counts a starting environment. Returns false when there is no capacity; `user.dispatch` is called when there may be. */
  tryStartEnvironment(user: CapacityUser): boolean {
    if (this.#starting < this.#maxStarting) {
      if (this.#environments < this.#maxEnvironments) {
        this.#waiting.delete(user);
        this.#environments++;
        this.#starting++;
        return true;
      }
      // Once that environment has stopped, all waiting users are called.
      for (const other of this.#users) if (other !== user && other.stopIdle()) break;
    }
    this.#waiting.add(user);
    return false;
  }

  environmentStarted(): void {
    this.#starting--;
    this.#wake();
  }

  /** Reports an idle environment, which stops when other functions wait for capacity. */
  environmentIdle(user: CapacityUser): void {
    if (this.#environments >= this.#maxEnvironments && this.#waiting.size > 0) user.stopIdle();
  }

  environmentGone(): void {
    this.#environments--;
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const user of waiting) user.dispatch();
  }
}
