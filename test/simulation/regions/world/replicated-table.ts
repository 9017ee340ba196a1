import type { RegionsJudge } from '../checks/regions-judge.ts';
import { othersOf, type Globe } from './globe.ts';
import { REGIONS } from './plan.ts';

/** An item as a region wrote it. Values are kept as JSON, so that nothing is shared. */
interface Entry {
  readonly json: string;
  readonly at: number;
  readonly by: number;
}

/** The slowest tenth takes up to this many times the usual lag. */
export const MAX_LAG = 4;
const RETRY_MS = 1_000;

/**
 * A global table with multi-region eventual consistency.
 * - Each region judges a condition on its own replica alone.
 * - Items are replicated one by one, in any order, at once or hours later. The last writer wins by time, and the loser is gone.
 * - What a lost region had confirmed and not replicated is gone.
 */
export class ReplicatedTable {
  readonly #globe: Globe;
  readonly #judge: RegionsJudge;
  readonly #replicas = REGIONS.map(() => new Map<string, Map<string, Entry>>());

  constructor(globe: Globe, judge: RegionsJudge) {
    this.#globe = globe;
    this.#judge = judge;
  }

  /** The items of a partition that have arrived in a region, by sort key. */
  read(region: number, pk: string): ReadonlyMap<string, unknown> {
    const items = this.#replicas[region]?.get(pk) ?? new Map<string, Entry>();
    return new Map([...items].map(([sk, { json }]) => [sk, JSON.parse(json) as unknown]));
  }

  /** All partitions that have arrived in a region. */
  partitions(region: number): readonly string[] {
    return [...(this.#replicas[region]?.keys() ?? [])];
  }

  /** Writes an item in a region, if the condition holds for what is stored there. */
  write(region: number, pk: string, sk: string, value: unknown, holds: (stored: unknown) => boolean): boolean {
    const entry: Entry = { json: JSON.stringify(value), at: this.#globe.now, by: region };
    const stored = this.#replicas[region]?.get(pk)?.get(sk);
    if (!holds(stored === undefined ? undefined : JSON.parse(stored.json))) return false;
    this.#judge.itemWritten(region, pk, sk);
    this.#put(region, pk, sk, entry);
    for (const other of othersOf(region)) this.#replicate(region, other, pk, sk, entry, this.#lag());
    return true;
  }

  #lag(): number {
    const { chance, plan } = this.#globe;
    return chance.hits(0.9) ? chance.next() * plan.lagMs : chance.next() * MAX_LAG * plan.lagMs;
  }

  #replicate(from: number, to: number, pk: string, sk: string, entry: Entry, afterMs: number): void {
    const globe = this.#globe;
    globe.scheduler.at(globe.now + afterMs, () => {
      if (globe.isLost(from) || globe.isLost(to)) return 'idle';
      if (globe.reaches(from, to) && !globe.has('lags', from)) this.#arrive(to, pk, sk, entry);
      else this.#replicate(from, to, pk, sk, entry, RETRY_MS * (1 + 10 * globe.chance.next()));
      return 'idle';
    });
  }

  #arrive(region: number, pk: string, sk: string, entry: Entry): void {
    const stored = this.#replicas[region]?.get(pk)?.get(sk);
    if (stored && (stored.at > entry.at || (stored.at === entry.at && stored.by >= entry.by))) return;
    this.#put(region, pk, sk, entry);
  }

  #put(region: number, pk: string, sk: string, entry: Entry): void {
    const replica = this.#replicas[region];
    const items = replica?.get(pk) ?? new Map<string, Entry>();
    replica?.set(pk, items.set(sk, entry));
  }
}
