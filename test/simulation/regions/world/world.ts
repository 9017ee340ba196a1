import type { RecordLease } from '#cli/global/lease-history/lines.ts';
import type { Task } from '#core/tasks/task.ts';
import { chanceOf } from '../../world/chance.ts';
import { Scheduler } from '../../world/scheduler.ts';
import { Trace } from '../../world/trace.ts';
import type { RegionsCore } from '../core.ts';
import { RegionsJudge } from '../checks/regions-judge.ts';
import { Globe, type Life } from './globe.ts';
import { WorldHistory } from './history.ts';
import { Keepers } from './keepers.ts';
import { globalPlanOf, NAMES, REGIONS, type GlobalPlan, type Order } from './plan.ts';
import { PlainTables } from './plain-tables.ts';
import { MAX_LAG, ReplicatedTable } from './replicated-table.ts';
import { RegionWorkers } from './workers.ts';

/** After the last fault: two takeovers, the lease of a claim, the steps under way and late replication. */
const SETTLE_MS = 6 * 60_000;

export interface GlobalResult {
  readonly seed: number;
  readonly plan: GlobalPlan;
  readonly violation: { readonly check: string; readonly what: string } | null;
  /** How often what happened. */
  readonly seen: Readonly<Record<string, number>>;
  readonly tasks: number;
  /** How long after a region was lost another one had its home, in milliseconds. */
  readonly takeoversMs: readonly number[];
  readonly simulatedMs: number;
  readonly trace: readonly string[];
}

/** Which regions believe to hold a home at a moment, each with its epoch. */
export type OnHolders = (
  at: number,
  home: number,
  holders: readonly (readonly [region: number, epoch: number])[],
) => void;

export interface RunOptions {
  /** @default false */
  readonly isTraced?: boolean;
  /** Called whenever the judge looks at who holds a home. */
  readonly onHolders?: OnHolders;
  /** Records the history of leases. */
  readonly record?: RecordLease;
}

/** Runs the world of three regions of one seed to its end, or to the first violation. */
export async function runGlobalSeed(
  core: RegionsCore,
  seed: number,
  { isTraced = false, onHolders, record }: RunOptions = {},
): Promise<GlobalResult> {
  const plan = globalPlanOf(seed);
  const scheduler = new Scheduler();
  const trace = new Trace(() => scheduler.now, isTraced);
  const globe = new Globe(scheduler, chanceOf(seed, 12), plan, trace);
  const judge = new RegionsJudge();
  const table = new ReplicatedTable(globe, judge);
  const history = record && new WorldHistory(globe, record);
  const plain = new PlainTables(core, globe, history);
  const regions: RegionEnd[] = REGIONS.map((region) => {
    const keepers = new Keepers({ core, globe, judge, tables: plain, region, history });
    const offer = (life: Life, to: number, task: Task): Promise<void> =>
      globe.call(life, to, () => regions[to]?.workers.receive(globe.begins(to), task, 'another replica'));
    return { keepers, workers: new RegionWorkers({ core, globe, judge, table, plain, keepers, region, offer }) };
  });
  judge.watch(
    REGIONS.map((home) => () => {
      const holders = REGIONS.flatMap((region) => {
        const epoch = regions[region]?.keepers.held(home) ?? null;
        return epoch === null ? [] : [[region, epoch] as const];
      });
      onHolders?.(scheduler.now, home, holders);
      return holders;
    }),
  );
  const start = (region: number): void => {
    const life = globe.begins(region);
    regions[region]?.keepers.start(life);
    regions[region]?.workers.start(life);
  };
  for (const region of REGIONS) start(region);
  scheduleDeaths(globe, start);
  const callers = new Callers(core, globe, regions);
  for (const order of plan.orders) callers.place(order);
  // Laggards arrive within a minute after the lag, and may then be what a task waits for.
  const end = plan.faultsUntil + SETTLE_MS;
  await scheduler.run(() => judge.violation !== null || scheduler.now > end || isOver(globe, callers, judge));
  judge.checkDone((id) => {
    const left = REGIONS.filter((region) => !globe.isLost(region));
    const isHere = left.some((region) =>
      [...table.read(region, `TASK#${id}`).keys()].some((key) => key.startsWith('TASK')),
    );
    return isHere ? null : globe.lostAt - MAX_LAG * plan.lagMs;
  });
  const { violation } = judge;
  if (violation) trace.add('CHECK', violation.check, () => violation.message);
  return {
    seed,
    plan,
    violation: violation && { check: violation.check, what: violation.message },
    seen: Object.fromEntries(judge.seen),
    tasks: judge.tasks.size,
    takeoversMs: judge.takeoversMs,
    simulatedMs: scheduler.now,
    trace: trace.lines,
  };
}

const isOver = (globe: Globe, callers: Callers, judge: RegionsJudge): boolean =>
  globe.now > globe.plan.faultsUntil && callers.areDone && judge.isDone;

function scheduleDeaths(globe: Globe, start: (region: number) => void): void {
  for (const fault of globe.plan.faults) {
    globe.scheduler.at(fault.from, () => {
      globe.note(
        fault.region,
        fault.kind.toUpperCase(),
        () => `until ${fault.to}${'toward' in fault ? `, toward ${NAMES[fault.toward]}` : ''}`,
      );
      if (fault.kind === 'dies' || fault.kind === 'is lost') globe.dies(fault.region);
    });
    if (fault.kind === 'dies') {
      globe.scheduler.at(fault.to, () => {
        globe.note(fault.region, 'RETURNS', () => '');
        start(fault.region);
      });
    }
  }
}

interface RegionEnd {
  readonly keepers: Keepers;
  readonly workers: RegionWorkers;
}

/** Callers on three continents. They send a request again, with the same key and to the next region, until it is accepted. */
class Callers {
  readonly #core: RegionsCore;
  readonly #globe: Globe;
  readonly #regions: readonly RegionEnd[];
  #open = 0;

  constructor(core: RegionsCore, globe: Globe, regions: readonly RegionEnd[]) {
    this.#core = core;
    this.#globe = globe;
    this.#regions = regions;
  }

  get areDone(): boolean {
    return this.#open === 0;
  }

  place(order: Order): void {
    this.#open += 1;
    this.#globe.scheduler.at(order.at, () => void this.#send(order, order.region));
    if (!order.twice) return;
    this.#open += 1;
    this.#globe.scheduler.at(order.at + 2_000, () => void this.#send(order, (order.region + 1) % REGIONS.length));
  }

  async #send(order: Order, nearest: number): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const region = (nearest + attempt) % REGIONS.length;
      const isAccepted = await this.#receive(order, region).then(
        () => true,
        () => false,
      );
      if (isAccepted) break;
      await new Promise<void>((resolve) => {
        this.#globe.scheduler.at(this.#globe.now + 1_000, () => resolve());
      });
    }
    this.#open -= 1;
  }

  /** A region accepts a request, or forwards it to the region that holds its home. Callers give up after a while. */
  #receive(order: Order, region: number): Promise<void> {
    const globe = this.#globe;
    const life: Life = globe.begins(region);
    // A key of somebody else belongs to its tenant, whose home is the second region.
    const home = this.#core.homeOfKey(order.key, 1, NAMES);
    const holder = this.#regions[region]?.keepers.holderOf(home) ?? home;
    return new Promise((resolve, reject) => {
      globe.scheduler.at(globe.now + 4_000, () => reject(new Error('The caller gave up.')));
      if (!globe.isAlive(region)) return;
      const accepted = globe.call(life, holder, () => {
        const there = this.#regions[holder];
        return there?.workers.accept(globe.begins(holder), home, order);
      });
      accepted.then(() => resolve(), reject);
    });
  }
}
