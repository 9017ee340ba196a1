import type { GovernorStore } from '#core/ports/governor-store.ts';
import type { Pace } from '#core/governor/pace.ts';
import type { Judge } from '../../checks/judge.ts';
import type { Actor } from '../actor.ts';
import type { Surroundings } from '../surroundings.ts';

/** Without stored paces, the governor lets every call pass. */
const NO_PACES: GovernorStore = { read: async () => null, replace: async () => 'conflict' };

/** How fast each model may be called, which all workers share: one conditional write of one item at a time, kept as JSON. */
export class SimulatedPaces {
  readonly #paces = new Map<string, string>();
  readonly #world: Surroundings;
  readonly #judge: Judge;

  constructor(world: Surroundings, judge: Judge) {
    this.#world = world;
    this.#judge = judge;
  }

  /** The paces as one actor reaches them. Empty if the provider has no limit. */
  store(actor: Actor): GovernorStore {
    const { plan, trace, scheduler } = this.#world;
    if (plan.requestsPerMinute === undefined) return NO_PACES;
    return {
      read: (model) => actor.call('paces.read', () => this.#read(model)),
      replace: (next) =>
        actor.call('paces.replace', () => {
          const before = this.#read(next.model);
          if ((before?.version ?? 0) !== next.version - 1) return 'conflict';
          this.#paces.set(next.model, JSON.stringify(next));
          trace.add(actor.name, 'paces.replace', () => `v${next.version}${next.tight ? ' tight' : ''}`);
          const { governor } = this.#judge.areas;
          this.#judge.observe(() => governor.paceWritten(before, next, actor, scheduler.now, this.#isHigh(actor)));
          return 'replaced';
        }),
    };
  }

  /** Whether an actor works on a task of high priority. */
  #isHigh(actor: Actor): boolean {
    return [...actor.worksOn].some((id) => this.#judge.histories.get(id)?.task.priority === 'high');
  }

  #read(model: string): Pace | null {
    const json = this.#paces.get(model);
    return json === undefined ? null : (JSON.parse(json) as Pace);
  }
}
