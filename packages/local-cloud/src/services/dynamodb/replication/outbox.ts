/** An item that waits to be sent to a region. */
interface Entry {
  /** When the oldest change was written that the region does not have. */
  readonly since: number;
  /** When the item is sent. */
  due: number;
}

/** An item on its way to a region. */
export interface Sending {
  readonly key: string;
  readonly since: number;
}

/** How long a change may wait because the item is written again and again, in milliseconds. */
const MAX_MERGE_MS = 1_000;

/**
 * The items that one region does not have yet. Changes of an item that waits are merged. The database has the same, so this
 * is rebuilt after a restart.
 */
export class Outbox {
  readonly #waiting = new Map<string, Entry>();
  readonly #sending = new Map<string, Sending>();

  /** Items that the region does not have. */
  get size(): number {
    let both = 0;
    for (const key of this.#sending.keys()) if (this.#waiting.has(key)) both++;
    return this.#waiting.size + this.#sending.size - both;
  }

  has(key: string): boolean {
    return this.#waiting.has(key) || this.#sending.has(key);
  }

  /** Adds an item that was written at `now`. It is sent at `due`, or together with an earlier change, but after `soonest`. */
  add(key: string, now: number, { due, soonest }: { readonly due: number; readonly soonest: number }): void {
    const entry = this.#waiting.get(key);
    if (entry === undefined) this.#waiting.set(key, { since: now, due });
    else entry.due = Math.max(entry.due, Math.min(soonest, entry.since + MAX_MERGE_MS));
  }

  /** Takes up to `max` items that are due. Each is on its way until `sent` or `failed`. */
  take(now: number, max: number): readonly Sending[] {
    const taken: Sending[] = [];
    for (const [key, { since, due }] of this.#waiting) {
      if (due > now || this.#sending.has(key)) continue;
      taken.push({ key, since });
      if (taken.length === max) break;
    }
    for (const sending of taken) {
      this.#waiting.delete(sending.key);
      this.#sending.set(sending.key, sending);
    }
    return taken;
  }

  /** The region has an item as it was taken. */
  sent({ key }: Sending): void {
    this.#sending.delete(key);
  }

  /** An item did not arrive. It is sent again at `due`. */
  failed({ key, since }: Sending, due: number): void {
    this.#sending.delete(key);
    this.#waiting.set(key, { since, due });
  }

  /** Everything that was written here up to this time has arrived there. */
  arrivedUpTo(now: number): number {
    let oldest = now;
    for (const { since } of this.#waiting.values()) oldest = Math.min(oldest, since);
    for (const { since } of this.#sending.values()) oldest = Math.min(oldest, since);
    return oldest - 1;
  }
}
