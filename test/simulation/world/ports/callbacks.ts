import type { CallbackStore, DueCallback, ParkedCallback } from '#core/ports/callback-store.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Actor } from '../actor.ts';
import type { Surroundings } from '../surroundings.ts';

/** Callbacks that wait in the state table, kept as JSON. */
export class SimulatedCallbackStore {
  readonly #parked = new Map<TaskId, string>();
  readonly #world: Surroundings;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  get empty(): boolean {
    return this.#parked.size === 0;
  }

  /**
   * The callbacks as one actor reaches them.
   * @param onParked called when a callback is parked, also by a call that its actor has given up
   */
  store(actor: Actor, onParked?: (parked: ParkedCallback) => void): CallbackStore {
    const { trace } = this.#world;
    return {
      park: (parked) =>
        actor.call('callbacks.park', () => {
          this.#parked.set(parked.callback.taskId, JSON.stringify(parked));
          trace.add(actor.name, 'callbacks.park', () => `after ${parked.attempts} attempts`);
          onParked?.(parked);
        }),
      due: (now) => this.#due(now, actor),
      get: ({ taskId }) => actor.call('callbacks.get', () => this.#read(taskId)),
      remove: ({ callback, dueAt }) =>
        actor.call('callbacks.remove', () => {
          if (this.#read(callback.taskId)?.dueAt === dueAt) this.#parked.delete(callback.taskId);
        }),
    };
  }

  async *#due(now: number, actor: Actor): AsyncGenerator<DueCallback> {
    yield* await actor.call('callbacks.due', () =>
      [...this.#parked.keys()].flatMap((id) => {
        const parked = this.#read(id);
        return parked && parked.dueAt <= now ? [{ taskId: id, tenant: parked.callback.tenant }] : [];
      }),
    );
  }

  #read(id: TaskId): ParkedCallback | null {
    const json = this.#parked.get(id);
    return json === undefined ? null : (JSON.parse(json) as ParkedCallback);
  }
}
