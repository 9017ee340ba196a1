import type { PoolStore } from '#core/ports/pool-store.ts';
import type { Pool } from '#core/pools/pool.ts';
import type { Actor } from '../actor.ts';
import type { Judge } from '../../checks/judge.ts';
import type { Surroundings } from '../surroundings.ts';

/** The maximum age of a view. */
const KEPT_MS = 2_000;

/** The pool's item: one conditional write at a time, kept as JSON. A worker's view may be two seconds old. */
export class SimulatedPools {
  readonly #world: Surroundings;
  readonly #judge: Judge;
  #json: string | null = null;
  #viewed: { readonly at: number; readonly json: string | null } = { at: -KEPT_MS, json: null };

  constructor(world: Surroundings, judge: Judge) {
    this.#world = world;
    this.#judge = judge;
  }

  /** The pool as one actor reaches it. */
  store(actor: Actor): PoolStore {
    return {
      get: () => actor.call('pools.get', () => parse(this.#json)),
      // Mostly read from memory, so not a scheduling point.
      view: async () => this.#view(),
      write: (next) => actor.call('pools.write', () => this.#write(next, actor)),
    };
  }

  #view(): Pool | null {
    const { now } = this.#world.scheduler;
    if (now - this.#viewed.at >= KEPT_MS) this.#viewed = { at: now, json: this.#json };
    return parse(this.#viewed.json);
  }

  #write(next: Pool, actor: Actor): 'written' | 'conflict' {
    if ((parse(this.#json)?.version ?? 0) !== next.version - 1) return 'conflict';
    this.#json = JSON.stringify(next);
    const { trouble } = next;
    this.#world.trace.add(
      actor.name,
      'pools.write',
      () => `${next.state.status}${trouble ? `, ${trouble.failed} failed, ${trouble.answered} answered` : ''}`,
    );
    this.#judge.gate.poolWritten(next);
    return 'written';
  }
}

const parse = (json: string | null): Pool | null => (json === null ? null : (JSON.parse(json) as Pool));
