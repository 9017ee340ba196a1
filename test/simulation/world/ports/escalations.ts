import type { Escalation } from '#core/escalations/escalation.ts';
import type { EscalationStore } from '#core/ports/escalation-store.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Judge } from '../../checks/judge.ts';
import type { Actor } from '../actor.ts';
import type { Surroundings } from '../surroundings.ts';

/** The tasks that wait for a person: one conditional write of one item at a time, kept as JSON. */
export class SimulatedEscalations {
  readonly #escalations = new Map<TaskId, string>();
  readonly #world: Surroundings;
  readonly #judge: Judge;

  constructor(world: Surroundings, judge: Judge) {
    this.#world = world;
    this.#judge = judge;
  }

  /** The escalations as one actor reaches them. @param person who acts, for a person's request */
  store(actor: Actor, person = actor.name): EscalationStore {
    const { trace } = this.#world;
    const { desk } = this.#judge.areas;
    return {
      get: (id) => actor.call('escalations.get', () => this.#read(id)),
      create: (escalation) =>
        actor.call('escalations.create', () => {
          if (this.#escalations.has(escalation.id)) return 'exists';
          this.#escalations.set(escalation.id, JSON.stringify(escalation));
          trace.add(actor.name, 'escalations.create', () => this.#judge.aliasOf(escalation.id));
          this.#judge.observe(() => desk.created(escalation, this.#judge.histories.get(escalation.id)?.task));
          return 'created';
        }),
      replace: (next) =>
        actor.call('escalations.replace', () => {
          const before = this.#read(next.id);
          if (before?.version !== next.version - 1) return 'conflict';
          this.#escalations.set(next.id, JSON.stringify(next));
          const { status } = next.state;
          trace.add(actor.name, 'escalations.replace', () => `${this.#judge.aliasOf(next.id)} ${status} by ${person}`);
          this.#judge.observe(() => desk.replaced(before, next, actor, person));
          return 'replaced';
        }),
      list: () => nothing(),
    };
  }

  #read(id: TaskId): Escalation | null {
    const json = this.#escalations.get(id);
    return json === undefined ? null : (JSON.parse(json) as Escalation);
  }
}

async function* nothing(): AsyncGenerator<never> {
  // The people look at the judge's list, which is the newest.
}
