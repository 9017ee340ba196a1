import type { Chance } from '../../world/chance.ts';
import type { Scheduler } from '../../world/scheduler.ts';
import type { Trace } from '../../world/trace.ts';
import { NAMES, REGIONS, type Fault, type GlobalPlan } from './plan.ts';

/** The other side was not reached, or its answer was lost. */
export class Unreachable extends Error {}

/** One life of a region's processes. After a death, nothing of it goes on. */
export interface Life {
  readonly region: number;
  readonly number: number;
}

const TIMEOUT_MS = 3_000;
/** One way, between two of the regions. */
const DISTANCE_MS = 60;

/** Three regions, the network between them, and what goes wrong. */
export class Globe {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly plan: GlobalPlan;
  readonly trace: Trace;
  readonly #lives = [0, 0, 0];

  constructor(scheduler: Scheduler, chance: Chance, plan: GlobalPlan, trace: Trace) {
    this.scheduler = scheduler;
    this.chance = chance;
    this.plan = plan;
    this.trace = trace;
  }

  get now(): number {
    return this.scheduler.now;
  }

  /** Whether a fault is on now. */
  has(kind: Fault['kind'], region: number, toward?: number): boolean {
    return this.plan.faults.some((fault) => {
      const isHere = fault.kind === kind && fault.region === region && fault.from <= this.now && this.now < fault.to;
      return isHere && (fault.kind !== 'is cut off' || fault.toward === toward);
    });
  }

  isAlive(region: number): boolean {
    return !this.has('dies', region) && !this.isLost(region);
  }

  isLost(region: number): boolean {
    return this.has('is lost', region);
  }

  /** When a region was lost. Infinity if none was. */
  get lostAt(): number {
    return this.plan.faults.find(({ kind }) => kind === 'is lost')?.from ?? Infinity;
  }

  reaches(from: number, to: number): boolean {
    return this.isAlive(from) && this.isAlive(to) && !this.has('is cut off', from, to);
  }

  /** A region's stopwatch at a moment of the world. @param at now, if it is not given */
  stopwatch(region: number, at = this.now): number {
    return at * (this.plan.speeds[region] ?? 1);
  }

  /** The region's time of day. Clocks of regions differ by seconds. */
  clock(region: number): number {
    return Math.round(1_800_000_000_000 + this.stopwatch(region) + region * 2_000);
  }

  begins(region: number): Life {
    return { region, number: this.#lives[region] ?? 0 };
  }

  dies(region: number): void {
    this.#lives[region] = (this.#lives[region] ?? 0) + 1;
  }

  isCurrent({ region, number }: Life): boolean {
    return this.#lives[region] === number && this.isAlive(region);
  }

  /** Calls another region, or the own one. A dead caller never goes on. */
  call<Result>(life: Life, to: number, effect: () => Result | Promise<Result>): Promise<Result> {
    const { region: from } = life;
    return new Promise((resolve, reject) => {
      const lost = (): 'idle' | void => (this.isCurrent(life) ? reject(new Unreachable(`${from} to ${to}`)) : 'idle');
      this.scheduler.at(this.now + TIMEOUT_MS, lost);
      this.scheduler.at(this.now + this.#latency(from, to), () => {
        if (!this.reaches(from, to)) return 'idle';
        const answer = (settle: () => void): void => {
          this.scheduler.at(this.now + this.#latency(to, from), () =>
            this.isCurrent(life) && this.reaches(to, from) ? settle() : 'idle',
          );
        };
        Promise.resolve()
          .then(effect)
          .then(
            (result) => answer(() => resolve(result)),
            (error: unknown) => answer(() => reject(error)),
          );
        return undefined;
      });
    });
  }

  /** Resolves after a while, unless the process has died. */
  sleep(life: Life, ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.scheduler.at(this.now + ms, () => (this.isCurrent(life) ? resolve() : 'idle'));
    });
  }

  note(region: number, op: string, what: () => string): void {
    this.trace.add(NAMES[region] ?? '', op, what);
  }

  #latency(from: number, to: number): number {
    if (from === to) return 1 + this.chance.next() * 5;
    const usual = DISTANCE_MS * (1 + this.chance.next());
    return this.now < this.plan.faultsUntil && this.chance.hits(0.05) ? usual + this.chance.next() * 4_000 : usual;
  }
}

/** The regions other than one. */
export const othersOf = (region: number): readonly number[] => REGIONS.filter((one) => one !== region);
