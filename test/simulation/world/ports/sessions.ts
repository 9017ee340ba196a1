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
      create: (first) =>
        actor.call('sessions.create', () => {
          const stored = this.#read(keyOf(first));
          if (stored === null) this.#write(first, actor);
          return stored;
        }),
      write: (next) =>
        actor.call('sessions.write', () => {
          if ((this.#read(keyOf(next))?.version ?? 0) !== next.version - 1) return 'conflict';
          this.#write(next, actor);
          return 'written';
        }),
    };
  }

  #write(next: Session, actor: Actor): void {
    const before = this.#read(keyOf(next));
    this.#sessions.set(keyOf(next), JSON.stringify(next));
    this.#world.trace.add(
      actor.name,
      'sessions.write',
      () =>
        `${next.id} v${next.version}, ${next.turns.length} turns, waiting: ${next.waiting.map((task) => this.#judge.aliasOf(task)).join(' ')}`,
    );
    this.#judge.gate.sessionWritten(before, next, actor);
    const { areas, histories } = this.#judge;
    this.#judge.observe(() => areas.turns.sessionWritten(before, next, actor, histories));
  }

  #read(key: string): Session | null {
    const json = this.#sessions.get(key);
    return json === undefined ? null : (JSON.parse(json) as Session);
  }
}

const keyOf = ({ tenant, id }: Session): string => `${tenant}/${id}`;
