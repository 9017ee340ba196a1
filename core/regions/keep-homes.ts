import type { Clock } from '../ports/clock.ts';
import { CANARY_EVERY_MS, doesWork } from './canary.ts';
import { isFirstEpoch, NO_EPOCH, regionOfEpoch, type RegionIndex } from './epoch.ts';
import {
  BEAT_EVERY_MS,
  beginRound,
  heldEpoch,
  LEASE_TIMES,
  newKeeper,
  noteAnswer,
  type Keeper,
  type LeaseTimes,
  type SentRequest,
} from './keeper.ts';
import type { LeaseAnswer } from './lease.ts';

/** What a region's keeper knows of a home, for the region's other processes. */
export interface KnownHome {
  readonly home: RegionIndex;
  /** The region that holds it, as far as two tables say. */
  readonly holder: RegionIndex;
  readonly epoch: number;
  /** Until when this region holds it, in milliseconds since the epoch. 0 if it does not. */
  readonly until: number;
}

export interface KeepPorts {
  readonly clock: Pick<Clock, 'now' | 'elapsed'>;
  /** Resolves after that many milliseconds. */
  readonly delay: (ms: number) => Promise<void>;
  /** Sends a request to one region's table. Rejects if it cannot be reached. */
  readonly ask: (home: RegionIndex, request: SentRequest) => Promise<LeaseAnswer>;
  /** Tells the region's other processes. */
  readonly tell: (known: KnownHome) => Promise<void>;
  readonly canaries: {
    /** Submits a canary. */
    start(): Promise<void>;
    /** When the newest canary that ended was accepted, in milliseconds since the epoch. Null before the first one. */
    lastDone(): Promise<number | null>;
  };
  /** Whether another region is known to do its work. */
  readonly othersWork: () => Promise<boolean>;
  /**
   * Whether this region gives up a home: people drain it, or the home's own region works again.
   * @param ownEpoch the newest epoch of the home, if it is this region's
   */
  readonly givesUp: (home: RegionIndex, ownEpoch: number | null) => Promise<boolean>;
  /** Takes over the tasks of a home that this region holds under a later epoch. Called again and again. */
  readonly takeOver: (home: RegionIndex, epoch: number) => Promise<void>;
  /** Sends the tasks that a lost home left in this region to the one that holds it now. Called again and again. */
  readonly sendLeftBehind: (known: KnownHome) => Promise<void>;
  readonly report: (event: KeeperEvent) => void;
}

export type KeeperEvent =
  | { readonly type: 'home.held'; readonly home: RegionIndex; readonly epoch: number }
  | { readonly type: 'home.lost'; readonly home: RegionIndex; readonly epoch: number }
  | { readonly type: 'region.does-no-work' }
  | { readonly type: 'keeper.failed'; readonly error: unknown };

export interface KeepOptions {
  readonly region: RegionIndex;
  /** Number of the fleet's regions. */
  readonly count: number;
  /** How long to keep, in milliseconds. */
  readonly forMs: number;
  readonly times?: LeaseTimes;
}

/** A round does not wait longer for tables that do not answer. What they answer later counts when it arrives. */
const ROUND_MS = 2_500;
/** What is asked before a round may take this long, so that beats are not late. */
const ASK_MS = 1_000;
/** While a holder is silent, its home is looked at this often, so that a takeover begins when it may. */
const WATCH_EVERY_MS = 1_000;
/** Keepers that saw a takeover look for tasks in each round, for so long at most: they end before, after 100 s. */
export const TAKEOVER_MS = 120_000;
/** Later ones do so this often, since replication can be hours late. */
const LATE_EVERY_MS = 60_000;

/** Keeps the homes of a region for a while: beats for those that it holds, and takes over those whose beats stop. */
export async function keepHomes(ports: KeepPorts, options: KeepOptions): Promise<void> {
  const endAt = ports.clock.elapsed() + options.forMs;
  const homes = Array.from({ length: options.count }, (_, home) => new HomeKeeper(ports, options, home));
  let canaryAt = -Infinity;
  while (ports.clock.elapsed() < endAt) {
    const beganAt = ports.clock.elapsed();
    if (beganAt - canaryAt >= CANARY_EVERY_MS) {
      canaryAt = beganAt;
      void ports.canaries.start().catch((error: unknown) => ports.report({ type: 'keeper.failed', error }));
    }
    const serves = (await doesItsWork(ports)) || (await isNoneBetter(ports));
    const isOverdue = (): boolean => homes.some((home) => home.isOverdue);
    // The next round begins after the last home's, so no home may wait for a silent region while another one is watched.
    const waitMs = isOverdue() ? WATCH_EVERY_MS : ROUND_MS;
    await Promise.all(homes.map((home) => home.round(serves, waitMs)));
    const everyMs = isOverdue() ? WATCH_EVERY_MS : BEAT_EVERY_MS;
    await ports.delay(Math.max(0, Math.min(endAt, beganAt + everyMs) - ports.clock.elapsed()));
  }
}

/** A region without a canary so far is a new one. One whose own table does not answer does no work. */
async function doesItsWork({ canaries, clock, delay }: KeepPorts): Promise<boolean> {
  const late = delay(ASK_MS).then(() => 'late' as const);
  const doneAt = await Promise.race([canaries.lastDone().catch(() => 'late' as const), late]);
  return doneAt === null || (doneAt !== 'late' && doesWork(doneAt, clock.now()));
}

/** Where all regions are slow, such as under a load that none can carry, a home without a holder would only be worse. */
async function isNoneBetter({ othersWork, delay, report }: KeepPorts): Promise<boolean> {
  report({ type: 'region.does-no-work' });
  return !(await Promise.race([othersWork().catch(() => false), delay(ASK_MS).then(() => false)]));
}

/** One home, as its region's keeper sees it. */
class HomeKeeper {
  readonly #ports: KeepPorts;
  readonly #times: LeaseTimes;
  readonly #home: RegionIndex;
  #keeper: Keeper;
  #held: { readonly epoch: number; readonly since: number } | null = null;
  /** The newest epoch of the first round that read any. Undefined before it. */
  #foundEpoch: number | undefined;
  #looking: Promise<void> | null = null;
  #lookedAt = -Infinity;

  constructor(ports: KeepPorts, { region, times = LEASE_TIMES }: KeepOptions, home: RegionIndex) {
    this.#ports = ports;
    this.#times = times;
    this.#home = home;
    this.#keeper = newKeeper(region, home);
  }

  /** Whether the home's holder has been silent for so long that it may soon be taken over. */
  get isOverdue(): boolean {
    const silentSince = this.#ports.clock.elapsed() - this.#times.quietMs + 2 * BEAT_EVERY_MS;
    const silent = this.#keeper.seen.filter((seen) => seen !== null && seen.since <= silentSince);
    // One silent table is one that cannot be reached.
    return this.#held === null && silent.length > 1;
  }

  /** @param waitMs how long it waits for tables that do not answer */
  async round(serves: boolean, waitMs: number): Promise<void> {
    const { clock, delay, report, tell } = this.#ports;
    // If that cannot be read in time, the keeper keeps its homes.
    const asked = this.#ports.givesUp(this.#home, this.#ownEpoch).catch(() => false);
    const keeps = serves && !(await Promise.race([asked, delay(ASK_MS).then(() => false)]));
    const sentAt = clock.elapsed();
    const begun = beginRound(this.#keeper, sentAt, this.#times, keeps);
    this.#keeper = begun.keeper;
    const answered = begun.requests.map((request) => this.#ask(request));
    // A region that is gone does not answer. What the others granted is told at once.
    const granted = Promise.any(
      answered.map(async (answer) => {
        await answer;
        if (this.#keeper.granted?.sentAt !== sentAt) throw new Error('not granted yet');
      }),
    );
    const enough = granted.catch(() => undefined);
    await Promise.race([enough, delay(waitMs)]);
    this.#foundEpoch ??= this.#newestSeen ?? undefined;
    this.#note();
    const known = this.#known();
    // Who cannot be told believes the home lost when its time is over.
    if (known) await tell(known).catch((error: unknown) => report({ type: 'keeper.failed', error }));
    if (known && !isFirstEpoch(known.epoch)) this.#lookForTasks(known);
  }

  /** Null before the first answer. */
  get #newestSeen(): number | null {
    const epochs = this.#keeper.seen.flatMap((seen) => seen?.item.epoch ?? []);
    return epochs.length === 0 ? null : Math.max(...epochs);
  }

  /** The newest epoch that was seen, if it is this region's. */
  get #ownEpoch(): number | null {
    const newest = this.#newestSeen ?? NO_EPOCH;
    return newest !== NO_EPOCH && regionOfEpoch(newest) === this.#keeper.region ? newest : null;
  }

  async #ask(request: SentRequest): Promise<void> {
    try {
      const answer = await this.#ports.ask(this.#home, request);
      this.#keeper = noteAnswer(this.#keeper, request, answer, this.#ports.clock.elapsed());
    } catch {
      // What was not answered is asked again in the next round.
    }
  }

  /** Reports that the home was gained or lost. */
  #note(): void {
    const now = this.#ports.clock.elapsed();
    const epoch = heldEpoch(this.#keeper, now, this.#times);
    if (epoch === (this.#held?.epoch ?? null)) return;
    const home = this.#home;
    if (this.#held) this.#ports.report({ type: 'home.lost', home, epoch: this.#held.epoch });
    if (epoch !== null) this.#ports.report({ type: 'home.held', home, epoch });
    this.#held = epoch === null ? null : { epoch, since: now };
  }

  /**
   * Null until two tables agree on who holds the home. A keeper that has just begun holds nothing yet; what its predecessor
   * said of their region's own epoch stays until its time is over.
   */
  #known(): KnownHome | null {
    const { clock } = this.#ports;
    const now = clock.elapsed();
    const { granted, region } = this.#keeper;
    const epoch = heldEpoch(this.#keeper, now, this.#times);
    if (epoch !== null && granted) {
      const leftMs = granted.sentAt + this.#times.quietMs - this.#times.marginMs - now;
      return { home: this.#home, holder: region, epoch, until: Math.floor(clock.now() + leftMs) };
    }
    const epochs = this.#keeper.seen.flatMap((seen) => (seen && seen.item.epoch >= 0 ? [seen.item.epoch] : []));
    const agreed = epochs.filter((one, index) => epochs.indexOf(one) !== index);
    const newest = Math.max(NO_EPOCH, ...agreed);
    if (newest === NO_EPOCH || regionOfEpoch(newest) === region) return null;
    return { home: this.#home, holder: regionOfEpoch(newest), epoch: newest, until: 0 };
  }

  /** After a takeover, now and later: the region that holds the home adopts tasks, the others send what they have. */
  #lookForTasks(known: KnownHome): void {
    const { clock, report, sendLeftBehind, takeOver } = this.#ports;
    const now = clock.elapsed();
    const isNew = this.#held !== null && this.#held.epoch !== this.#foundEpoch && now - this.#held.since < TAKEOVER_MS;
    if (this.#looking || now - this.#lookedAt < (isNew ? BEAT_EVERY_MS : LATE_EVERY_MS)) return;
    this.#lookedAt = now;
    const looked = this.#held ? takeOver(this.#home, this.#held.epoch) : sendLeftBehind(known);
    this.#looking = looked
      .catch((error: unknown) => report({ type: 'keeper.failed', error }))
      .finally(() => {
        this.#looking = null;
      });
  }
}
