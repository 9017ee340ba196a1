import type { Escalation } from '#core/escalations/escalation.ts';
import type { Judge } from '../../checks/judge.ts';
import type { Core } from '../core.ts';
import type { Pool } from '../pool.ts';
import type { Surroundings } from '../surroundings.ts';

const PEOPLE = ['ann', 'ben', 'cem'] as const;
const MINUTE = 60_000;

/** People who look at their list now and then: they claim, release and answer, and answer again where they heard nothing. */
export class SimulatedDesk {
  readonly #world: Surroundings;
  readonly #pool: Pool;
  readonly #core: Core;
  readonly #judge: Judge;
  readonly #people: number;

  constructor(world: Surroundings, pool: Pool, core: Core, judge: Judge, people: number) {
    this.#world = world;
    this.#pool = pool;
    this.#core = core;
    this.#judge = judge;
    for (const person of PEOPLE.slice(0, people)) this.#lookLater(person);
    this.#people = people;
    judge.areas.desk.onCreated = (escalation) => this.#ring(escalation);
  }

  /** Whether nobody waits for a person. */
  get idle(): boolean {
    return this.#judge.areas.desk.waiting.length === 0;
  }

  #lookLater(person: string): void {
    const { scheduler, chance } = this.#world;
    scheduler.at(scheduler.now + chance.between(5_000, chance.pick([MINUTE, 20 * MINUTE])), () => {
      this.#lookLater(person);
      // Now and then somebody answers what has an answer.
      const [first, ...rest] = this.#judge.areas.desk.listed(chance.hits(0.3));
      if (!first) return 'idle';
      return this.#act(person, chance.pick([first, ...rest]));
    });
  }

  /** A new escalation shows up, and some look at it at once. */
  #ring(escalation: Escalation): void {
    const { scheduler, chance } = this.#world;
    for (const person of PEOPLE.slice(0, this.#people)) {
      if (chance.hits(0.4))
        scheduler.at(scheduler.now + 1_000 + chance.next() * 20, () => this.#act(person, escalation));
    }
  }

  #act(person: string, { id, tenant }: Escalation): void {
    const { chance } = this.#world;
    const what = chance.pick(['claim', 'claim', 'release', 'answer', 'answer'] as const);
    if (what === 'answer') return this.#answer(person, { id, tenant }, chance.between(1, 2));
    this.#pool.spawn('person', async (actor) => {
      const ports = { escalations: this.#pool.escalations.store(actor, person), clock: actor.clock };
      const rule = what === 'claim' ? this.#core.claimEscalation : this.#core.releaseEscalation;
      await this.#core.actOnEscalation(ports, { id, tenant }, (current, now) => rule(current, person, now));
    });
  }

  /** Sends an answer, and the same again in case its response was lost. */
  #answer(person: string, at: Pick<Escalation, 'id' | 'tenant'>, times: number): void {
    const { scheduler, chance } = this.#world;
    const reply = `${person} says ${chance.between(1, 1_000)}`;
    const answer = { by: person, reply, key: `key of ${reply}` };
    for (let time = 0; time < times; time += 1) {
      scheduler.at(scheduler.now + time * 200, () => {
        this.#pool.spawn('person', async (actor) => {
          const ports = { escalations: this.#pool.escalations.store(actor, person), clock: actor.clock };
          const decision = await this.#core.actOnEscalation(ports, at, (current, now) =>
            this.#core.answerEscalation(current, answer, now),
          );
          const counts = decision !== null && (decision.ok || decision.refusal === 'unchanged');
          this.#judge.observe(() => this.#judge.areas.desk.told(at.id, answer, counts, actor));
        });
      });
    }
  }
}
