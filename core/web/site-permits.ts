import type { Clock } from '../ports/clock.ts';
import type { HostPaceStore } from '../ports/host-pace-store.ts';
import type { Ids } from '../ports/ids.ts';
import { endPermit, isHeld, newHostPace, takePermit, type Ended, type HostPace, type Manner } from './politeness.ts';

/** A request that may be sent. */
export interface Permit {
  readonly id: string;
  readonly site: string;
  readonly manner: Manner;
}

export type Asked =
  | { readonly kind: 'go'; readonly permit: Permit }
  /** Ask again at `at`. */
  | { readonly kind: 'later'; readonly at: number };

export interface SitePermitsOptions {
  readonly store: HostPaceStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'random' | 'uuid'>;
  /** Resolves after that many milliseconds. */
  readonly delay: (ms: number) => Promise<void>;
  /** Milliseconds that a request may hold its permit: longer than it can take, by more than `STALE_MS`. */
  readonly leaseMs: number;
}

/** A request waits in its process for a permit that is this close. Parking a task takes longer. */
const WAIT_MS = 4_000;
const MAX_TRIES = 12;
/**
 * Those who come back are spread over this time, so that they do not meet again. Fifty workers that wait for one site come
 * back 1.4 times for each request, not 1.9 times as with two seconds.
 */
const SPREAD_MS = { alone: 2_000, met: 8_000 };
/** Requests that have met others ask within this time of a permit's start, not all at once: all but one would lose. */
const MEET_MS = 30;
/** A request that is under way for longer than this is looked after this often. */
const LOOK_MS = 1_000;
/**
 * When those who wait look after a request, from its start: spread over more than the usual pause, so that few meet and
 * somebody almost always takes the next permit while the pause runs. In a model with 15 workers: 9 calls of DynamoDB a request.
 */
const LOOK_AFTER_MS = { from: 60, spread: 600 };
/** A process that stalled for longer asks again: the lease that it was given may end before its request does. */
const STALE_MS = 5_000;

/** Gives requests to a site one after the other, over all workers. Any number of workers share one item for each site. */
export class SitePermits {
  readonly #options: SitePermitsOptions;

  constructor(options: SitePermitsOptions) {
    this.#options = options;
  }

  /** Resolves when the request may be sent, or at once if that is not soon. */
  async acquire(site: string, manner: Manner): Promise<Asked> {
    const { clock, delay, ids } = this.#options;
    const id = ids.uuid();
    const giveUpAt = clock.now() + WAIT_MS;
    for (let isAlone = true; ;) {
      const asked = await this.#take(site, id);
      if (asked.kind === 'go' && asked.at > clock.now()) await delay(asked.at - clock.now());
      const now = clock.now();
      if (asked.kind === 'go') {
        if (now - asked.at <= STALE_MS) return { kind: 'go', permit: { id, site, manner } };
        continue;
      }
      // A permit that is held may be free long before its lease ends.
      isAlone &&= !asked.held;
      const lookAt = asked.held ? this.#lookAt(asked.at, now) : asked.at + (isAlone ? 0 : MEET_MS * ids.random());
      if (lookAt > giveUpAt) {
        const spreadMs = SPREAD_MS[isAlone ? 'alone' : 'met'];
        return { kind: 'later', at: Math.round(Math.max(asked.held ? now : asked.at, now) + spreadMs * ids.random()) };
      }
      await delay(Math.max(1, lookAt - now));
    }
  }

  /** When to look after the permit whose lease ends at `until`. It may be free long before. */
  #lookAt(until: number, now: number): number {
    const { ids, leaseMs } = this.#options;
    const startAt = until - leaseMs;
    const soon = Math.max(now, startAt) + LOOK_AFTER_MS.from + LOOK_AFTER_MS.spread * ids.random();
    return Math.min(until, now - startAt > LOOK_MS ? now + LOOK_MS : soon);
  }

  /** The request has ended, and what came of it is stored. */
  async release({ id, site, manner }: Permit, ended?: Ended): Promise<void> {
    await this.#change(site, (pace) => endPermit(pace, { id, manner }, this.#options.clock.now(), ended));
  }

  async #take(
    site: string,
    id: string,
  ): Promise<{ readonly kind: 'go' | 'later'; readonly at: number; readonly held: boolean }> {
    const { clock, leaseMs } = this.#options;
    let answer = { kind: 'later' as 'go' | 'later', at: clock.now(), held: false };
    const written = await this.#change(site, (pace) => {
      const now = clock.now();
      const taken = takePermit(pace, { id, leaseMs }, now);
      const held = pace.blockedUntil <= now && isHeld(pace, now);
      answer = { kind: taken.kind, at: taken.kind === 'go' ? taken.startAt : taken.at, held };
      return taken.kind === 'go' ? taken.pace : null;
    });
    return written === 'conflict' ? { kind: 'later', at: clock.now() + LOOK_MS, held: false } : answer;
  }

  /** Writes the pace that `decide` returns; null writes nothing. If another worker was first, decides again. */
  async #change(
    site: string,
    decide: (pace: HostPace) => HostPace | null,
  ): Promise<'written' | 'unchanged' | 'conflict'> {
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      const next = decide((await this.#options.store.read(site)) ?? newHostPace(site));
      if (next === null) return 'unchanged';
      if ((await this.#options.store.replace(next)) === 'replaced') return 'written';
    }
    return 'conflict';
  }
}
