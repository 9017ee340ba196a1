import { BEAT_EVERY_MS, type Keeper } from '#core/regions/keeper.ts';
import type { RegionsCore } from '../core.ts';
import type { RegionsJudge } from '../checks/regions-judge.ts';
import type { Globe, Life } from './globe.ts';
import type { WorldHistory } from './history.ts';
import { REGIONS } from './plan.ts';
import type { PlainTables } from './plain-tables.ts';

export interface KeepersParts {
  readonly core: RegionsCore;
  readonly globe: Globe;
  readonly judge: RegionsJudge;
  readonly tables: PlainTables;
  readonly region: number;
  readonly history: WorldHistory | undefined;
}

/** The keeper process of one region: the leases of all homes, and the canary that says whether the region works. */
export class Keepers {
  readonly #core: RegionsCore;
  readonly #globe: Globe;
  readonly #judge: RegionsJudge;
  readonly #tables: PlainTables;
  readonly #region: number;
  readonly #history: WorldHistory | undefined;
  #keepers: Keeper[] = [];
  #canaryAt: number | null = null;

  constructor(parts: KeepersParts) {
    this.#core = parts.core;
    this.#globe = parts.globe;
    this.#judge = parts.judge;
    this.#tables = parts.tables;
    this.#region = parts.region;
    this.#history = parts.history;
  }

  /** Begins a life without memory. */
  start(life: Life): void {
    this.#keepers = REGIONS.map((home) => this.#core.newKeeper(this.#region, home));
    // A region begins as one that works.
    this.#canaryAt = this.#now;
    void this.#runCanaries(life);
    for (const home of REGIONS) void this.#keep(life, home);
  }

  /** The epoch under which this region holds a home now. */
  held(home: number): number | null {
    const keeper = this.#keepers[home];
    if (!keeper || !this.#globe.isAlive(this.#region)) return null;
    return this.#core.heldEpoch(keeper, this.#now, this.#core.LEASE_TIMES);
  }

  /** The epoch that two tables have for a home, as far as this region has seen. */
  epochOf(home: number): number | null {
    const epochs = (this.#keepers[home]?.seen ?? []).flatMap((seen) => (seen ? [seen.item.epoch] : []));
    const twice = epochs.filter((epoch, index) => epoch >= 0 && epochs.indexOf(epoch) !== index);
    return twice.length > 0 ? Math.max(...twice) : null;
  }

  /** The region that holds a home, as far as this one has seen. */
  holderOf(home: number): number {
    const epoch = this.epochOf(home);
    return epoch === null ? home : this.#core.regionOfEpoch(epoch);
  }

  get #now(): number {
    return this.#globe.stopwatch(this.#region);
  }

  async #runCanaries(life: Life): Promise<void> {
    for (;;) {
      await this.#globe.sleep(life, this.#core.CANARY_EVERY_MS);
      const acceptedAt = this.#now;
      await this.#globe.sleep(life, 500);
      if (!this.#globe.has('does no work', this.#region)) this.#canaryAt = acceptedAt;
    }
  }

  async #keep(life: Life, home: number): Promise<void> {
    const { chance } = this.#globe;
    for (;;) {
      if (!this.#globe.has('stands still', this.#region)) this.#begin(life, home);
      await this.#globe.sleep(life, BEAT_EVERY_MS * (0.9 + 0.2 * chance.next()));
    }
  }

  #begin(life: Life, home: number): void {
    const keeper = this.#keepers[home];
    if (!keeper) return;
    const serves = this.#core.doesWork(this.#canaryAt, this.#now);
    const begun = this.#core.beginRound(keeper, this.#now, this.#core.LEASE_TIMES, serves);
    this.#keepers[home] = begun.keeper;
    for (const request of begun.requests) {
      const noted = this.#tables.askLease(life, request.table, home, request).then((answer) => {
        const before = this.#keepers[home];
        if (!before) return;
        const was = this.held(home);
        this.#keepers[home] = this.#core.noteAnswer(before, request, answer, this.#now);
        this.#recordHeld(home);
        if (was === null) this.#noteHeld(home);
        this.#judge.checkHolders();
      });
      // What was not answered is asked again in the next round.
      noted.catch(() => undefined);
    }
  }

  #recordHeld(home: number): void {
    const keeper = this.#keepers[home];
    const epoch = this.held(home);
    if (keeper === undefined || epoch === null) return;
    const { heldEpoch, LEASE_TIMES } = this.#core;
    this.#history?.holds(
      this.#region,
      home,
      epoch,
      (at) => heldEpoch(keeper, this.#globe.stopwatch(this.#region, at), LEASE_TIMES) !== null,
    );
  }

  #noteHeld(home: number): void {
    const epoch = this.held(home);
    if (epoch === null) return;
    this.#globe.note(this.#region, 'HOLDS', () => `home ${home} under epoch ${epoch}`);
    if (this.#core.isFirstEpoch(epoch)) return;
    this.#judge.count('takeover');
    const { now, plan } = this.#globe;
    const lost = plan.faults.find(({ kind, region }) => kind === 'is lost' && region === home);
    if (lost) this.#judge.takeoversMs.push(now - lost.from);
  }
}
