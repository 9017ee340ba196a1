import type { PlaceStore, Waiting } from '#core/ports/place-store.ts';
import type { Places } from '#core/tenants/places.ts';
import type { Actor } from '../actor.ts';
import type { Judge } from '../../checks/judge.ts';
import type { Surroundings } from '../surroundings.ts';

/** The tenants' places and lines: one conditional write of one item at a time, kept as JSON. */
export class SimulatedPlaces {
  readonly #places = new Map<string, string>();
  readonly #lines = new Map<string, Map<string, Waiting>>();
  readonly #world: Surroundings;
  readonly #judge: Judge;

  constructor(world: Surroundings, judge: Judge) {
    this.#world = world;
    this.#judge = judge;
  }

  /** The places as one actor reaches them. */
  store(actor: Actor): PlaceStore {
    return {
      get: (tenant) => actor.call('places.get', () => this.#read(tenant)),
      write: (next) => actor.call('places.write', () => this.#write(next, actor)),
      line: (tenant, waiting) =>
        actor.call('places.line', () => {
          this.#world.trace.add(actor.name, 'places.line', () => this.#judge.aliasOf(waiting.taskId));
          this.#lineOf(tenant).set(waiting.taskId, { ...waiting });
        }),
      first: (tenant, count) =>
        actor.call('places.first', () =>
          [...this.#lineOf(tenant).values()].sort((a, b) => a.createdAt - b.createdAt).slice(0, count),
        ),
      unline: (tenant, { taskId, epoch }) =>
        actor.call('places.unline', () => {
          const line = this.#lineOf(tenant);
          if ((line.get(taskId)?.epoch ?? 0) <= epoch) line.delete(taskId);
        }),
    };
  }

  #write(next: Places, actor: Actor): 'written' | 'conflict' {
    if ((this.#read(next.tenant)?.version ?? 0) !== next.version - 1) return 'conflict';
    this.#places.set(next.tenant, JSON.stringify(next));
    const holders = Object.entries(next.holders).map(([id, epoch]) => `${this.#judge.aliasOf(id)} epoch ${epoch}`);
    this.#world.trace.add(actor.name, 'places.write', () => `${next.tenant} v${next.version}: ${holders.join(', ')}`);
    this.#judge.gate.placesWritten(next, actor);
    return 'written';
  }

  #read(tenant: string): Places | null {
    const json = this.#places.get(tenant);
    return json === undefined ? null : (JSON.parse(json) as Places);
  }

  #lineOf(tenant: string): Map<string, Waiting> {
    const line = this.#lines.get(tenant) ?? new Map<string, Waiting>();
    this.#lines.set(tenant, line);
    return line;
  }
}
