import type { Batch } from '#core/economy/batch.ts';
import type { BatchStore } from '#core/ports/batch-store.ts';
import type { Actor } from '../actor.ts';
import type { Surroundings } from '../surroundings.ts';

/** The fleet's records of batches: one conditional write of one item at a time, kept as JSON. */
export class SimulatedBatches {
  readonly #batches = new Map<string, string>();
  readonly #world: Surroundings;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  get anyOpen(): boolean {
    return [...this.#batches.keys()].some((id) => this.#read(id)?.state.status !== 'over');
  }

  /** The batches as one actor reaches them. */
  store(actor: Actor): BatchStore {
    const { trace } = this.#world;
    return {
      get: (id) => actor.call('batches.get', () => this.#read(id)),
      create: (batch) =>
        actor.call('batches.create', () => {
          this.#batches.set(batch.id, JSON.stringify(batch));
          trace.add(actor.name, 'batches.create', () => `${batch.id}, ${batch.entries.length} entries`);
        }),
      replace: (next) =>
        actor.call('batches.replace', () => {
          if (this.#read(next.id)?.version !== next.version - 1) return 'conflict';
          this.#batches.set(next.id, JSON.stringify(next));
          trace.add(actor.name, 'batches.replace', () => `${next.id} v${next.version}, ${next.state.status}`);
          return 'replaced';
        }),
      open: (agent) => this.#open(agent, actor),
    };
  }

  async *#open(agent: string, actor: Actor): AsyncGenerator<string> {
    yield* await actor.call('batches.open', () =>
      [...this.#batches.keys()].filter((id) => {
        const batch = this.#read(id);
        return batch?.agent === agent && batch.state.status !== 'over';
      }),
    );
  }

  #read(id: string): Batch | null {
    const json = this.#batches.get(id);
    return json === undefined ? null : (JSON.parse(json) as Batch);
  }
}
