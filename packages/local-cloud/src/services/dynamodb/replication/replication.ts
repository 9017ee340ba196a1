import { setImmediate } from 'node:timers/promises';
import type { Storage } from '../storage.ts';
import type { Arrival } from './apply.ts';
import { itemPrefix, tableOf } from './apply.ts';
import { parseBatch, writeBatch, type Change } from './batch.ts';
import { Lags, type ReplicationFigures } from './figures.ts';
import { Outbox, type Sending } from './outbox.ts';
import { FIRST, meet, nextVersion, type StoredVersion, type Version } from './version.ts';
import { Versions } from './versions.ts';

/** The way to the other regions. */
export interface ReplicationPort {
  /** The region of this replica. */
  readonly here: string;
  /** The other regions. */
  readonly others: readonly string[];
  /** Milliseconds until a change that was written now arrives in a region. */
  lagMs(to: string): number;
  /** The least that `lagMs` can be. */
  leastLagMs(to: string): number;
  /** Whether nothing reaches a region. */
  isCut(to: string): boolean;
  /**
   * Sends changes. Returns the positions of those that the region cannot take yet. Throws when the region does not answer.
   * Changes that were not confirmed are sent again.
   */
  send(to: string, batch: string): Promise<readonly number[]>;
}

const TICK_MS = 50;
/** How often confirmed changes are noted in the database, and how often a region says what has arrived. */
const SETTLE_MS = 1_000;
const PRUNE_MS = 30_000;
/** After this time a region that did not answer is asked again. */
const RETRY_MS = 500;
const MAX_ITEMS = 500;
const AT_ONCE = { due: 0, soonest: 0 };
/** Arriving items that are written in one turn, so that requests do not wait for a whole batch. */
const TURN_ITEMS = 50;

/** The way to one region. */
class Route {
  readonly outbox = new Outbox();
  busy: Promise<void> | undefined;
  /** Not before this time is anything sent. */
  next = 0;
  /** When it was last said what has arrived. */
  saidAt = 0;
}

/**
 * Replicates the items of global tables to other regions with multi-region eventual consistency.
 *
 * 1. An item, its version and the note that other regions must get it are one transaction. What is noted arrives in the end,
 *    also after `kill -9`.
 * 2. Items are sent one by one, each after a lag of its own. The order between items is not kept, and changes of one item may
 *    be merged.
 * 3. The last writer wins in every region, in whichever order changes arrive and however often.
 * 4. A replica that meets two writes that did not know of each other counts a conflict.
 */
export class Replication {
  readonly #storage: Storage;
  readonly #apply: (arrival: Arrival) => Promise<void>;
  readonly #port: ReplicationPort;
  readonly #versions: Versions;
  /** The other regions of each table. */
  readonly #tables = new Map<string, readonly string[]>();
  readonly #routes = new Map<string, Route>();
  /** By region: everything that was written there up to this time has arrived here. */
  readonly #known: Record<string, number> = {};
  /** Items of which a region confirmed the arrival, not yet noted in the database. */
  readonly #confirmed = new Set<string>();
  readonly #lags = new Lags();
  readonly #timers: NodeJS.Timeout[] = [];
  #arriving: StoredVersion | undefined;
  #clock = 0;
  #conflicts = 0;

  constructor(storage: Storage, apply: (arrival: Arrival) => Promise<void>, port: ReplicationPort) {
    this.#storage = storage;
    this.#apply = apply;
    this.#port = port;
    this.#versions = new Versions(storage.database);
    storage.onWrite = (key) => this.#written(key);
    // What is written before `add` is called must be sent too.
    for (const [table, regions] of this.#versions.replicas()) this.#open(table, regions);
  }

  /** Replicates a table to other regions from now on. The first time, all its items are sent there. */
  async add(table: string, regions: readonly string[]): Promise<void> {
    const known = this.#tables.get(table) ?? [];
    const added = regions.filter((region) => !known.includes(region));
    if (added.length === 0) return;
    this.#storage.write(() => {
      for (const region of added) this.#versions.addReplica(table, itemPrefix(table), region, this.#port.here);
    });
    this.#open(table, [...known, ...added]);
    await this.#storage.committed();
  }

  get figures(): ReplicationFigures {
    const underWay = [...this.#routes.values()].reduce((sum, { outbox }) => sum + outbox.size, 0);
    return { underWay, conflicts: this.#conflicts, lagMsP99: this.#lags.p99(this.#now()), lagMsMax: this.#lags.max };
  }

  /** Takes changes from another region. Returns the positions of those that cannot be taken yet. */
  async receive(text: string): Promise<readonly number[]> {
    const { from, arrivedUpTo, changes } = parseBatch(text);
    const later: number[] = [];
    const numbered = changes.map((change, position) => ({ change, position }));
    for (let start = 0; start < numbered.length; start += TURN_ITEMS) {
      const turn = numbered.slice(start, start + TURN_ITEMS).map(async ({ change, position }) => {
        if (this.#tables.has(tableOf(change.key) ?? '')) await this.#arrive(change);
        else later.push(position);
      });
      await Promise.all(turn);
      await setImmediate();
    }
    await this.#storage.committed();
    this.#known[from] = Math.max(this.#known[from] ?? 0, arrivedUpTo);
    return later;
  }

  /** Ends sending. What was not delivered is in the database. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const { busy } of this.#routes.values()) await busy;
    this.#settle();
    await this.#storage.committed();
  }

  #open(table: string, given: readonly string[]): void {
    const regions = given.filter((region) => this.#port.others.includes(region));
    this.#tables.set(table, regions);
    for (const region of regions) this.#routes.set(region, this.#routes.get(region) ?? new Route());
    for (const { key, at, regions: waiting } of this.#versions.undelivered()) {
      const since = at === FIRST ? this.#now() : at;
      if (tableOf(key) === table)
        for (const region of waiting) this.#routes.get(region)?.outbox.add(key, since, AT_ONCE);
    }
    if (this.#timers.length === 0) this.#start();
  }

  #start(): void {
    this.#timers.push(
      setInterval(() => this.#tick(), TICK_MS).unref(),
      setInterval(() => this.#settle(), SETTLE_MS).unref(),
      setInterval(() => this.prune(), PRUNE_MS).unref(),
    );
  }

  /** Called in the transaction of each write. */
  #written(key: string): void {
    const table = tableOf(key);
    const regions = table === undefined ? undefined : this.#tables.get(table);
    if (regions === undefined) return;
    const now = this.#now();
    if (this.#arriving !== undefined) return this.#versions.put(key, this.#arriving, [], now);
    const version = nextVersion(this.#port.here, now, this.#versions.get(key), this.#known);
    this.#versions.put(key, version, regions, now);
    for (const region of regions) {
      const due = now + this.#port.lagMs(region);
      this.#routes.get(region)?.outbox.add(key, now, { due, soonest: now + this.#port.leastLagMs(region) });
    }
  }

  async #arrive({ key, item, version, since }: Change): Promise<void> {
    let winner: StoredVersion | undefined;
    await this.#apply({
      key,
      item: item ?? undefined,
      decide: (exists) => {
        winner = this.#winner(key, version, exists);
        if (winner !== undefined) this.#lags.add(Math.max(0, this.#now() - since), this.#now());
        return winner !== undefined;
      },
      write: (action) => {
        this.#arriving = winner;
        action();
        this.#arriving = undefined;
      },
    });
  }

  /** The version of the item if the arriving one is written; undefined if it is not. */
  #winner(key: string, arriving: Version, exists: boolean): StoredVersion | undefined {
    const stored = this.#versions.get(key);
    // Versions are forgotten once all regions have them. An item from before its table was replicated is older than these.
    if (arriving.at === FIRST && stored === undefined && exists) return undefined;
    const { wins, conflict, version } = meet(stored, arriving);
    if (conflict) this.#conflicts++;
    if (wins) return version;
    if (conflict) this.#storage.write(() => this.#versions.put(key, version, [], this.#now()));
    return undefined;
  }

  #tick(): void {
    const now = Date.now();
    for (const [region, route] of this.#routes) {
      if (route.busy !== undefined || route.next > now || this.#port.isCut(region)) continue;
      const taken = route.outbox.take(now, MAX_ITEMS);
      if (taken.length === 0 && now - route.saidAt < SETTLE_MS) continue;
      route.busy = this.#send(region, route, taken).finally(() => {
        route.busy = undefined;
      });
    }
  }

  async #send(region: string, route: Route, taken: readonly Sending[]): Promise<void> {
    const { outbox } = route;
    const arrivedUpTo = outbox.arrivedUpTo(this.#now());
    const { text, written } = writeBatch({ from: this.#port.here, arrivedUpTo }, taken, (key) => this.#stored(key));
    for (const sending of taken.slice(written)) outbox.failed(sending, 0);
    const sent = taken.slice(0, written);
    try {
      const later = new Set(await this.#port.send(region, text));
      route.saidAt = Date.now();
      for (const [position, sending] of sent.entries()) {
        if (later.has(position)) outbox.failed(sending, Date.now() + RETRY_MS);
        else outbox.sent(sending);
        this.#confirmed.add(sending.key);
      }
    } catch {
      for (const sending of sent) outbox.failed(sending, 0);
      route.next = Date.now() + RETRY_MS;
    }
  }

  #stored(key: string) {
    const version = this.#versions.get(key);
    if (version === undefined) throw new Error(`The item ${key} has no version.`);
    return { version, item: this.#storage.text(key) };
  }

  #settle(): void {
    if (this.#confirmed.size === 0) return;
    const now = this.#now();
    this.#storage.write(() => {
      for (const key of this.#confirmed) {
        const regions = [...this.#routes].filter(([, { outbox }]) => outbox.has(key)).map(([region]) => region);
        this.#versions.settle(key, regions, now);
      }
    });
    this.#confirmed.clear();
  }

  /** Forgets versions that nobody needs any more. It happens by itself, twice a minute. */
  prune(): void {
    const known = [...this.#routes.keys()].map((region) => this.#known[region] ?? 0);
    this.#storage.write(() => this.#versions.prune(Math.min(...known)));
  }

  /** The time, which never goes back in one process. */
  #now(): number {
    this.#clock = Math.max(this.#clock, Date.now());
    return this.#clock;
  }
}
