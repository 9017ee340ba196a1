import type { PoolStore } from '#core/ports/pool-store.ts';
import type { Pool } from '#core/pools/pool.ts';
import type { Actor } from '../actor.ts';
import type { Judge } from '../../checks/judge.ts';
import type { Surroundings } from '../surroundings.ts';

/** The maximum age of a view. */
const KEPT_MS = 2_000;

/** The items of the pool and of the fleet: one conditional write at a time, kept as JSON. A view may be two seconds old. */
export class SimulatedPools {
  readonly #world: Surroundings;
  readonly #judge: Judge;
  readonly #items = new Map<Key, string>();
  readonly #viewed = new Map<Key, { readonly at: number; readonly json: string | undefined }>();

  constructor(world: Surroundings, judge: Judge) {
    this.#world = world;
    this.#judge = judge;
  }

  /** The pool as one actor reaches it. */
  store(actor: Actor): PoolStore {
    return {
      get: (agent) => actor.call('pools.get', () => parse(this.#items.get(keyOf(agent)))),
      // Mostly read from memory, so not a scheduling point.
      view: async (agent) => this.#view(keyOf(agent)),
      write: (next) => actor.call('pools.write', () => this.#write(next, actor)),
    };
  }

  #view(key: Key): Pool | null {
    const { now } = this.#world.scheduler;
    const seen = this.#viewed.get(key);
    if (seen && now - seen.at < KEPT_MS) return parse(seen.json);
    const json = this.#items.get(key);
    this.#viewed.set(key, { at: now, json });
    return parse(json);
  }

  #write(next: Pool, actor: Actor): 'written' | 'conflict' {
    const key = keyOf(next.agent);
    if ((parse(this.#items.get(key))?.version ?? 0) !== next.version - 1) return 'conflict';
    this.#items.set(key, JSON.stringify(next));
    const { trouble } = next;
    this.#world.trace.add(
      actor.name,
      'pools.write',
      () =>
        `${key} ${next.state.status}${holdWords(next)}${trouble ? `, ${trouble.failed} failed, ${trouble.answered} answered` : ''}`,
    );
    this.#judge.gate.poolWritten(next);
    return 'written';
  }
}

type Key = 'pool' | 'fleet';
const keyOf = (agent: string): Key => (agent === '*' ? 'fleet' : 'pool');

const holdWords = ({ ramp, tenants = {} }: Pool): string =>
  [
    ...(ramp ? [', in steps'] : []),
    ...Object.entries(tenants).map(([name, hold]) => `, ${name} ${hold.state.status}${hold.ramp ? ' in steps' : ''}`),
  ].join('');

const parse = (json: string | undefined): Pool | null => (json === undefined ? null : (JSON.parse(json) as Pool));
