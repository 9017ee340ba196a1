import type { Clock } from '#core/ports/clock.ts';
import type { CrashPoint, FaultRates } from './plan.ts';
import type { Actor, Host } from './actor.ts';
import type { Chance } from './chance.ts';
import type { Surroundings } from './surroundings.ts';

/** The fate of a call. A crash names its point. */
type Fate = Exclude<keyof FaultRates, 'crash'> | CrashPoint | 'fine';

/** The simulated world's midnight: 23 November 2026. */
export const EPOCH = Date.UTC(2026, 10, 23);

/** About the length of a lease. Many pauses are a little longer. */
const LEASE_MS = 15_000;
const MAX_PAUSE_MS = 90_000;
/** Longer than the time between two heartbeats. */
const MAX_ANSWER_MS = 12_000;
const MAX_LATENESS_MS = 120_000;
/** After this time a caller gives up a call whose effect is late. */
const GIVE_UP_MS = 3_000;

/** A simulated error: the other side cannot be reached, or its answer was lost. */
class Unreachable extends Error {
  constructor(op: string) {
    super(`${op}: simulated failure`);
    this.name = 'Unreachable';
  }
}

/**
 * One process that runs the code under test: a worker's invocation, a sweep, a client.
 * 1. Each call of a port is a scheduling point: it takes effect later, answers later still, and may fail.
 * 2. A dead machine does nothing: no continuation of its code runs, and its heartbeat stops. A request that it sent may
 *    still take effect.
 * 3. A paused machine stops, and later continues as if nothing had happened.
 */
export class Machine implements Host {
  readonly name: string;
  readonly #world: Surroundings;
  #alive = true;
  #pausedUntil = 0;
  #offset = 0;
  /** What went wrong around this machine so far: a healthy worker has none. */
  faults = 0;
  /** Its clock was wrong. */
  jumped = false;
  /** Who wants to know of its death. */
  onDeath: (() => void) | null = null;

  constructor(world: Surroundings, name: string) {
    this.#world = world;
    this.name = name;
    world.machines.add(this);
    if (world.plan.skewMs > 0 && world.faulty) this.#jump();
  }

  get alive(): boolean {
    return this.#alive;
  }

  readonly clock: Clock = {
    now: () => this.#now(),
    elapsed: () => this.#world.scheduler.now,
    every: (intervalMs, action) => this.#every(intervalMs, action),
  };

  /** The code has ended. */
  finish(): void {
    this.#alive = false;
    this.#world.machines.delete(this);
  }

  die(why: string): void {
    if (!this.#alive) return;
    this.faults += 1;
    this.#world.trace.add(this.name, 'DIES', () => why);
    this.finish();
    this.#world.died(this);
    this.onDeath?.();
  }

  /**
   * Calls a port for one of its actors. `effect` happens at one moment on the other side, and an error it throws fails
   * the call. It receives the number of this machine's faults before the call.
   */
  request<Result>(actor: Actor, op: string, effect: (faults: number) => Result): Promise<Result> {
    if (!this.#alive) return new Promise(() => undefined);
    const { scheduler, chance, plan } = this.#world;
    const faults = this.faults;
    const fate = this.#fateOf(actor, op);
    if (fate !== 'fine') this.faults += 1;
    if (fate === 'before') {
      this.die(`before ${op}`);
      return new Promise(() => undefined);
    }
    const arrival = scheduler.now + 1 + chance.next() * plan.latencyMs;
    const promise = new Promise<Result>((resolve, reject) => {
      const fail = (): void => {
        this.#world.rejected(actor, op);
        reject(new Unreachable(op));
      };
      if (fate === 'late') scheduler.at(scheduler.now + GIVE_UP_MS, () => this.#deliver(fail));
      const landsAt = fate === 'late' ? arrival + chance.between(GIVE_UP_MS, MAX_LATENESS_MS) : arrival;
      this.#world.inFlight += 1;
      scheduler.at(landsAt, () => {
        this.#world.inFlight -= 1;
        if (fate === 'loseRequest') return this.#after(fail);
        const settle = attempt(() => effect(faults), resolve, reject);
        if (fate === 'late') return undefined;
        if (fate === 'after') return this.die(`after ${op}`);
        return this.#after(fate === 'loseReply' ? fail : settle, fate === 'slow');
      });
    });
    if (fate === 'during') this.die(`during ${op}`);
    if (fate === 'pause') this.#pause();
    return promise;
  }

  /** Calls `wake` after a delay. Late if the machine is paused then, never if it is dead. */
  after(ms: number, wake: () => void): void {
    const { scheduler } = this.#world;
    scheduler.at(scheduler.now + ms, () => this.#deliver(wake));
  }

  #fateOf(actor: Actor, op: string): Fate {
    const world = this.#world;
    world.calls += 1;
    if (!world.faulty) return 'fine';
    const { chance, plan, trace, calls } = world;
    if (plan.skewMs > 0 && chance.hits(0.03)) this.#jump();
    const sure = plan.disturbances.find(({ call }) => call === calls);
    const drawn = sure ? sure.fate : drawFate(plan.rates, chance);
    if (drawn === 'crash') return sure?.crash ?? chance.pick(CRASH_POINTS);
    if (drawn !== 'fine') trace.add(actor.name, op, () => `!! ${SAID[drawn]}`);
    return drawn;
  }

  #after(answer: () => void, slowly = false): void {
    const { scheduler, chance, plan } = this.#world;
    if (slowly) scheduler.at(scheduler.now + chance.between(100, MAX_ANSWER_MS), () => this.#deliver(answer));
    else if (chance.hits(0.7)) this.#deliver(answer);
    else scheduler.at(scheduler.now + chance.next() * plan.latencyMs, () => this.#deliver(answer));
  }

  #deliver(answer: () => void): 'idle' | void {
    if (!this.#alive) return 'idle';
    const { scheduler, chance } = this.#world;
    if (scheduler.now >= this.#pausedUntil) return answer();
    // The pause also affects calls from before it and from the same moment.
    this.faults += 1;
    scheduler.at(this.#pausedUntil + chance.next(), () => this.#deliver(answer));
    return 'idle';
  }

  #pause(): void {
    const { scheduler, chance } = this.#world;
    const shortest = chance.pick([1_000, LEASE_MS]);
    this.#pausedUntil = scheduler.now + chance.between(shortest, chance.pick([2 * LEASE_MS, MAX_PAUSE_MS]));
  }

  #jump(): void {
    const { chance, plan, trace } = this.#world;
    this.faults += 1;
    this.jumped = true;
    this.#offset = chance.between(-plan.skewMs, plan.skewMs);
    trace.add(this.name, 'CLOCK', () => `is off by ${this.#offset} ms`);
  }

  #now(): number {
    return EPOCH + Math.floor(this.#world.scheduler.now) + this.#offset;
  }

  #every(intervalMs: number, action: () => void): () => void {
    const { scheduler } = this.#world;
    let on = true;
    const beat = (): 'idle' | void => {
      if (!on || !this.#alive) return 'idle';
      if (scheduler.now < this.#pausedUntil) {
        scheduler.at(this.#pausedUntil, beat);
        return 'idle';
      }
      scheduler.at(scheduler.now + intervalMs, beat);
      return action();
    };
    scheduler.at(scheduler.now + intervalMs, beat);
    return () => {
      on = false;
    };
  }
}

const CRASH_POINTS = ['before', 'during', 'after'] as const;
const FATES = ['crash', 'loseRequest', 'loseReply', 'slow', 'late', 'pause'] as const;

function drawFate(rates: FaultRates, chance: Chance): keyof FaultRates | 'fine' {
  const roll = chance.next();
  let limit = 0;
  return FATES.find((fate) => roll < (limit += rates[fate])) ?? 'fine';
}

const SAID: Readonly<Record<Exclude<keyof FaultRates, 'crash'>, string>> = {
  loseRequest: 'fails, with no effect',
  loseReply: 'takes effect, but its answer is lost',
  slow: 'takes long to answer',
  late: 'times out, and takes effect later',
  pause: 'and then the machine pauses',
};

function attempt<Result>(
  effect: () => Result,
  resolve: (result: Result) => void,
  reject: (error: unknown) => void,
): () => void {
  try {
    const result = effect();
    return () => resolve(result);
  } catch (error) {
    return () => reject(error);
  }
}
