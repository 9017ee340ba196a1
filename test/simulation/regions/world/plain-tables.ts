import type { LeaseAnswer, LeaseItem, LeaseRequest } from '#core/regions/lease.ts';
import type { Pledge, PledgeAnswer, PledgeRequest } from '#core/regions/pledge.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { RegionsCore } from '../core.ts';
import type { Globe, Life } from './globe.ts';
import type { WorldHistory } from './history.ts';
import { REGIONS } from './plan.ts';

/** The plain tables of three regions: leases by home, and pledges by task. They are not replicated. */
export class PlainTables {
  readonly #core: RegionsCore;
  readonly #globe: Globe;
  readonly #history: WorldHistory | undefined;
  readonly #leases = REGIONS.map(() => new Map<number, LeaseItem>());
  readonly #pledges = REGIONS.map(() => new Map<TaskId, string>());

  constructor(core: RegionsCore, globe: Globe, history?: WorldHistory) {
    this.#core = core;
    this.#globe = globe;
    this.#history = history;
  }

  async askLease(life: Life, table: number, home: number, request: LeaseRequest): Promise<LeaseAnswer> {
    const returned = this.#history?.called(life.region, table, home, request);
    const answer = await this.#globe.call(life, table, () => {
      const leases = this.#leases[table];
      const decided = this.#core.answerLease(leases?.get(home) ?? this.#core.NO_LEASE, request);
      if (decided.granted) leases?.set(home, decided.item);
      return decided;
    });
    returned?.(answer);
    return answer;
  }

  /** Asks all tables for a task. Returns the answers of those that could be reached, or the first two grants. */
  askPledge(life: Life, id: TaskId, request: PledgeRequest): Promise<readonly PledgeAnswer[]> {
    const answers: PledgeAnswer[] = [];
    return new Promise((resolve) => {
      let open = REGIONS.length;
      const note = (answer: PledgeAnswer | null): void => {
        if (answer) answers.push(answer);
        open -= 1;
        if (open === 0 || answers.filter(({ granted }) => granted).length >= 2) resolve([...answers]);
      };
      for (const table of REGIONS) this.#askOne(life, table, id, request).then(note, () => note(null));
    });
  }

  #askOne(life: Life, table: number, id: TaskId, request: PledgeRequest): Promise<PledgeAnswer> {
    return this.#globe.call(life, table, () => {
      const stored = this.#pledges[table]?.get(id);
      const before = stored === undefined ? this.#core.NO_PLEDGE : (JSON.parse(stored) as Pledge);
      const answer = this.#core.answerPledge(before, request);
      if (answer.granted) this.#pledges[table]?.set(id, JSON.stringify(answer.pledge));
      return answer;
    });
  }

  /** The accepted tasks of a table that have not ended, for a sweep. */
  accepted(life: Life, table: number): Promise<readonly (readonly [TaskId, unknown])[]> {
    return this.#globe.call(life, table, () =>
      [...(this.#pledges[table] ?? [])].flatMap(([id, json]) => {
        const { value } = JSON.parse(json) as Pledge;
        return value.accepted === undefined || value.end !== undefined ? [] : [[id, value.accepted] as const];
      }),
    );
  }
}
