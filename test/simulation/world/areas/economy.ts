import type { Runs } from '#core/ports/runs.ts';
import type { PollInput } from '#core/economy/ports.ts';
import type { Actor } from '../actor.ts';
import type { Judge } from '../../checks/judge.ts';
import type { Core } from '../core.ts';
import type { Pool } from '../pool.ts';
import { SimulatedBatchProvider } from '../ports/batch-provider.ts';
import type { Surroundings } from '../surroundings.ts';
import type { EconomyPlan } from './area.ts';

/** As in state-machines/poll-batch.asl.json: looks at doubling intervals, and goes on after an error. */
const FIRST_LOOK_MS = 5_000;
const MAX_LOOK_MS = 300_000;

/** The collector's schedule and the state machines that poll batches. */
export class SimulatedEconomy {
  readonly #world: Surroundings;
  readonly #pool: Pool;
  readonly #core: Core;
  readonly #judge: Judge;
  readonly #plan: EconomyPlan;
  readonly #provider: SimulatedBatchProvider;
  readonly #started = new Set<string>();

  constructor(world: Surroundings, pool: Pool, core: Core, judge: Judge, plan: EconomyPlan) {
    this.#world = world;
    this.#pool = pool;
    this.#core = core;
    this.#judge = judge;
    this.#plan = plan;
    this.#provider = new SimulatedBatchProvider(world, judge, core, pool.provider);
    this.#collectLater();
  }

  get idle(): boolean {
    return this.#provider.idle;
  }

  #collectLater(): void {
    const { scheduler, trace } = this.#world;
    scheduler.at(scheduler.now + this.#plan.collectEveryMs, () => {
      this.#collectLater();
      if (!this.#judge.areas.economy.waiting && !this.#pool.batches.anyOpen) return 'idle';
      this.#pool.spawn('collector', async (actor) => {
        const agent = this.#pool.agentFor(actor);
        const counts = await this.#core.collect(this.#ports(actor), [agent], () => true);
        trace.add(actor.name, 'collected', () => JSON.stringify(counts));
      });
      return undefined;
    });
  }

  #ports(actor: Actor) {
    return {
      ...this.#pool.ports(actor),
      batches: this.#pool.batches.store(actor),
      batchModel: this.#provider.model(actor),
      polls: this.#polls(actor),
    };
  }

  /** Starts a state machine. A name is an execution's own for ever. */
  #polls(actor: Actor): Runs<PollInput> {
    return {
      start: (name, { batch }) =>
        actor.call('polls.start', () => {
          this.#world.trace.add(actor.name, 'polls.start', () => name);
          if (this.#started.has(name)) return;
          this.#started.add(name);
          this.#lookLater(batch, FIRST_LOOK_MS);
        }),
    };
  }

  #lookLater(batch: string, inMs: number): void {
    const { scheduler, chance, faulty, trace } = this.#world;
    if (faulty && chance.hits(this.#plan.pollDies)) {
      trace.add('workflow', 'DIES', () => `nobody polls ${batch} any more`);
      return;
    }
    scheduler.at(scheduler.now + inMs, () => {
      let settled = false;
      const look = async (actor: Actor): Promise<void> => {
        const { over } = await this.#core.settleBatch(this.#ports(actor), batch);
        trace.add(actor.name, 'settled', () => `${batch}${over ? ' is over' : ''}`);
        settled ||= over;
      };
      for (let looks = this.#world.faulty && chance.hits(this.#plan.twoLooks) ? 2 : 1; looks > 0; looks -= 1)
        this.#pool.spawn('settler', look);
      const next = Math.min(2 * inMs, MAX_LOOK_MS);
      scheduler.at(scheduler.now + 1_000, () => (settled ? 'idle' : this.#lookLater(batch, next)));
    });
  }
}
