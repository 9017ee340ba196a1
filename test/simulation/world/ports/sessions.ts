import type { SessionStore } from '#core/ports/session-store.ts';
import type { Session } from '#core/sessions/session.ts';
import type { Actor } from '../actor.ts';
import type { Judge } from '../../checks/judge.ts';
import type { Surroundings } from '../surroundings.ts';

/** The sessions' items: one conditional write of one item at a time, kept as JSON. */
export class SimulatedSessions {
  readonly #sessions = new Map<string, string>();
  readonly #world: Surroundings;
  readonly #judge: Judge;

  constructor(world: Surroundings, judge: Judge) {
    this.#world = world;
    this.#judge = judge;
  }

  /** The sessions as one actor reaches them. */
  store(actor: Actor): SessionStore {
    return {
      get: (tenant, id) => actor.call('sessions.get', () => this.#read(`${tenant}/${id}`)),
      write: (next) =>
        actor.call('sessions.write', () => {
          const key = `${next.tenant}/${next.id}`;
          const before = this.#read(key);
          if ((before?.version ?? 0) !== next.version - 1) return 'conflict';
          this.#sessions.set(key, JSON.stringify(next));
          this.#world.trace.add(
            actor.name,
            'sessions.write',
            () =>
              `${next.id} v${next.version}, ${next.turns.length} turns, waiting: ${next.waiting.map((task) => this.#judge.aliasOf(task)).join(' ')}`,
          );
          this.#judge.gate.sessionWritten(before, next, actor);
          const { areas, histories } = this.#judge;
          this.#judge.observe(() => areas.turns.sessionWritten(before, next, actor, histories));
          return 'written';
        }),
    };
  }

  #read(key: string): Session | null {
    const json = this.#sessions.get(key);
    return json === undefined ? null : (JSON.parse(json) as Session);
  }
}
