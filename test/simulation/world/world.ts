import type { TaskState } from '#core/tasks/task.ts';
import { SimulatedDesk } from './areas/desk.ts';
import { SimulatedEconomy } from './areas/economy.ts';
import type { StreamsPlan } from './areas/stream-event.ts';
import { SimulatedStreams } from './areas/streams.ts';
import { SimulatedReceivers } from './areas/receivers.ts';
import { worldOf } from './areas/worlds.ts';
import { chanceOf } from './chance.ts';
import { Judge } from '../checks/judge.ts';
import { checkDone, isAllDone } from '../checks/liveness.ts';
import type { Core } from './core.ts';
import { SimulatedIntake } from './intake.ts';
import { EPOCH, type Machine } from './machine.ts';
import { operatePool, placeOrders } from './orders.ts';
import { planOf, withHold, type Plan } from './plan.ts';
import { Pool } from './pool.ts';
import { Scheduler } from './scheduler.ts';
import type { Surroundings } from './surroundings.ts';
import { clockTime, Trace } from './trace.ts';
import { maybeRollOut } from './versions.ts';

/** Everything must end within this time after the last fault and the last wait that began before it. */
const SETTLE_MS = 15 * 60_000;
/** The longest time between two requeues by the sweeper: 90 seconds, doubled six times. */
const MAX_GRACE_MS = 96 * 60_000;

/** A breaker stays open for at most ten minutes, and waiting tasks are checked every eight. */
const POOL_MS = 20 * 60_000;
/**
 * A task whose day has no budget left ends as a probe without a call, which says nothing of the pool: the next one tries
 * when it is checked. (The worlds skip sweeps while nothing is due, so they find probes later than a fleet does.)
 */
const PROBE_MS = 9 * 60_000;

export interface SeedResult {
  readonly seed: number;
  readonly plan: Plan;
  /** Port calls that were made. */
  readonly calls: number;
  /** The tasks' final statuses, in order of creation. */
  readonly ends: readonly string[];
  /** The number of effects that were checked. */
  readonly observations: number;
  /** Simulated time in milliseconds. */
  readonly simulatedMs: number;
  readonly violation: { readonly check: string; readonly what: string } | null;
  /** One line per event. Empty unless requested. */
  readonly trace: readonly string[];
}

/** Runs the world of one seed to its end, or to the first violation. */
export const runSeed = (core: Core, seed: number, options?: WorldOptions): Promise<SeedResult> =>
  runWorld(core, planFor(seed), options);

/** The world of a seed: one with a rollout, one of an area, or any other. */
function planFor(seed: number): Plan {
  const plan = maybeRollOut(planOf(seed));
  return withHold(plan.rollout ? plan : worldOf(seed));
}

export interface WorldOptions {
  /** Whether to keep the trace. @default false */
  readonly trace?: boolean;
}

/** Runs a world to its end, or to the first violation. */
export async function runWorld(core: Core, plan: Plan, options: WorldOptions = {}): Promise<SeedResult> {
  const scheduler = new Scheduler();
  const judge = new Judge(plan, () => scheduler.now);
  const trace = new Trace(() => scheduler.now, options.trace ?? false);
  const world: Surroundings = {
    scheduler,
    plan,
    trace,
    chance: chanceOf(plan.seed, 2),
    machines: new Set(),
    inFlight: 0,
    calls: 0,
    get faulty() {
      return scheduler.now < plan.faultsUntil;
    },
    died: (machine: Machine) => {
      judge.gate.disturbed = true;
      pool.died(machine);
    },
    rejected: (actor, op) => {
      if (/^(store|sessions|permits|pools|queue|notifier|callbacks)/.test(op)) actor.hindered = true;
      for (const id of actor.worksOn) judge.failed(id, actor);
    },
  };
  const pool = new Pool(world, judge, core);
  const intake = new SimulatedIntake(world, pool, core, judge);
  const areas = areasOf(world, pool, core, judge);
  placeOrders(world, pool, core, judge);
  operatePool(world, pool, core);
  const end = watchTheEnd(world, pool, judge);
  const lastOrder = Math.max(
    plan.pause?.to ?? 0,
    ...plan.orders.map(({ at, cancelAt }) => Math.max(at, cancelAt ?? 0)),
  );
  await scheduler.run(() => {
    if (judge.violation || scheduler.now > end.limit) return true;
    if (world.machines.size > 0 || world.inFlight > 0 || scheduler.now < lastOrder) return false;
    return pool.idle && intake.idle && areas.every(({ idle }) => idle) && isAllDone(judge, plan);
  });
  judge.observe(() => checkDone(judge, plan));
  const { violation } = judge;
  if (violation) trace.add('CHECK', violation.check, () => violation.message);
  return {
    seed: plan.seed,
    plan,
    calls: world.calls,
    ends: [...judge.histories.values()].map(({ task }) => task.state.status),
    observations: judge.observations,
    simulatedMs: scheduler.now,
    violation: violation && { check: violation.check, what: violation.message },
    trace: trace.lines,
  };
}

/** What only the worlds of some areas have. */
function areasOf(world: Surroundings, pool: Pool, core: Core, judge: Judge): readonly { readonly idle: boolean }[] {
  const { economy, escalations, receivers, streams } = world.plan.area ?? {};
  return [
    ...(economy ? [new SimulatedEconomy(world, pool, core, judge, economy)] : []),
    ...(escalations ? [new SimulatedDesk(world, pool, core, judge, escalations.people)] : []),
    ...(streams ? [new SimulatedStreams(world, core, judge, streams)] : []),
    ...(receivers ? [new SimulatedReceivers(world, pool, core, judge, receivers)] : []),
  ];
}

/** In steps, tasks that wait come back one by one, and the last ones may be checked only after the steps are over. */
const stepsMs = ({ pause }: Plan): number =>
  pause?.steps ? pause.steps.percents.length * pause.steps.everyMs + 2 * POOL_MS : 0;

/** How long an area may take beyond all else, once faults have stopped. */
function areaMs({ area, day }: Plan): number {
  const HOUR = 3_600_000;
  // A batch that nobody polls is taken up after half an hour, and there may be three of them before a task has its answer.
  // Where a day's budget is used up, it waits for the next one.
  if (area?.economy) return 3 * (area.economy.batchMs[1] + HOUR) + (day ? 25 * HOUR : 0);
  // The last of eleven deliveries may come 32 hours after the first, and later where the receiver asks for it.
  if (area?.receivers) return 80 * HOUR;
  if (area?.escalations) return 12 * HOUR;
  // An effect that fails is retried for hours, and keeps its place in the outbox meanwhile.
  if (area?.streams) return 8 * HOUR * Math.max(1, stubbornTurns(area.streams));
  // On each level the sweeper may be the one that wakes a parent, and a day's budget makes tasks wait for the next.
  if (area?.trees) return (area.trees.depth + 1) * 20 * 60_000 + (day ? 25 * HOUR : 0);
  return 0;
}

/** The bytes of effects that wait with one subject, as the documentation promises them. */
const OUTBOX_BYTES = 128 * 1024;

/** How often a subject's outbox may be filled with effects that fail until they are set aside. */
function stubbornTurns({ events, effectBytes }: StreamsPlan): number {
  const stubborn = new Set(events.filter(({ effect }) => effect === 'stubborn').map(({ id }) => id));
  return Math.ceil((stubborn.size * effectBytes) / OUTBOX_BYTES);
}

const timesResent = (state: TaskState): number => {
  if (state.status === 'queued') return state.resends ?? 0;
  return state.status === 'running' ? (state.resent?.times ?? 0) : 0;
};

/** Sets the time by which everything must end, when the faults stop. */
function watchTheEnd({ scheduler, plan, trace, machines }: Surroundings, pool: Pool, judge: Judge) {
  const end = { limit: Infinity };
  scheduler.at(plan.faultsUntil, () => {
    const parked = [...judge.histories.values()].map(({ task: { state } }) =>
      state.status === 'parked' ? state.until - EPOCH : 0,
    );
    const waits = Math.max(scheduler.now, pool.queue.lastVisibleAt, ...parked);
    // The sweeper requeues less and less often, so a task that keeps losing its message waits longer.
    const lostOften = [...judge.histories.values()].some(({ task: { state } }) => timesResent(state) > 2);
    const running = machines.size > 0 ? plan.timeLimitMs : 0;
    end.limit =
      waits +
      running +
      SETTLE_MS +
      (lostOften ? MAX_GRACE_MS : 0) +
      (judge.gate.isHeld ? POOL_MS + (plan.day ? judge.histories.size * PROBE_MS : 0) : 0) +
      stepsMs(plan) +
      areaMs(plan);
    trace.add('world', 'FAULTS END', () => `everything must end by ${clockTime(end.limit)}`);
    return 'idle';
  });
  return end;
}
