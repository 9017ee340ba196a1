import type { GovernorStore } from '#core/ports/governor-store.ts';
import type { Pace } from '#core/governor/pace.ts';
import type { Actor } from '../actor.ts';
import type { Surroundings } from '../surroundings.ts';

/** Without stored paces, the governor lets every call pass. */
const NO_PACES: GovernorStore = { read: async () => null, replace: async () => 'conflict' };

/** How fast each model may be called, which all workers share: one conditional write of one item at a time, kept as JSON. */
export class SimulatedPaces {
  readonly #paces = new Map<string, string>();
  readonly #world: Surroundings;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** The paces as one actor reaches them. Empty if the provider has no limit. */
  store(actor: Actor): GovernorStore {
    const { plan, trace } = this.#world;
    if (plan.requestsPerMinute === undefined) return NO_PACES;
    return {
      read: (model) => actor.call('paces.read', () => this.#read(model)),
      replace: (next) =>
        actor.call('paces.replace', () => {
          if ((this.#read(next.model)?.version ?? 0) !== next.version - 1) return 'conflict';
          this.#paces.set(next.model, JSON.stringify(next));
          trace.add(actor.name, 'paces.replace', () => `v${next.version}${next.tight ? ' tight' : ''}`);
          return 'replaced';
        }),
    };
  }

  #read(model: string): Pace | null {
    const json = this.#paces.get(model);
    return json === undefined ? null : (JSON.parse(json) as Pace);
  }
}
