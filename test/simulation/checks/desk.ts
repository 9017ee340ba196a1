import type { Escalation } from '#core/escalations/escalation.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import { isOneOf } from '../world/areas/area.ts';
import type { Actor } from '../world/actor.ts';
import { isTerminal, same, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

/** How long a person keeps a claim, as the documentation promises it. */
const CLAIM_MS = 15 * 60_000;

/**
 * P: a task that ends as escalated waits for a person, and one person answers it, once.
 * - P1 A task ends as escalated exactly where its agent says so of its answer.
 * - P2 That its waiters were told is noted only once its escalation is there, as open, with what the task says.
 * - P3 Nobody claims, releases or answers what another person holds.
 * - P4 A claim lasts its time from its last renewal, and a renewal keeps the time of the first one.
 * - P5 An answered escalation never changes.
 * - P6 Who was told that their answer counts reads it there; nobody else was told so.
 */
export class DeskBooks {
  readonly #escalations = new Map<TaskId, Escalation>();

  /** Called with each new escalation. */
  onCreated: (escalation: Escalation) => void = () => undefined;

  get waiting(): readonly Escalation[] {
    return this.listed(false);
  }

  /** @param answered whether those that have their answer are listed too */
  listed(answered: boolean): readonly Escalation[] {
    return [...this.#escalations.values()].filter(({ state }) => answered || state.status !== 'answered');
  }

  checkEnd({ history, before, after, plan }: TaskWrite): void {
    const { escalations } = plan.area ?? {};
    const { state } = after;
    if (!escalations) return;
    if (!isTerminal(before.state) && (state.status === 'succeeded' || state.status === 'escalated')) {
      const handsOver = isOneOf(escalations.tenths, sumIn(state.output));
      const word = handsOver ? 'is for a person' : 'is not';
      expectThat(
        handsOver === (state.status === 'escalated'),
        'P1',
        () => `it is ${state.status}, and its answer ${word}`,
      );
    }
    if (state.status !== 'escalated' || !state.notified) return;
    expectThat(this.#escalations.has(after.id), 'P2', () => `${history.alias} was told of, and no person can see it`);
  }

  created(escalation: Escalation, task: Task | undefined): void {
    const { state, id, tenant, agent, reason } = escalation;
    const ended = task?.state.status === 'escalated' ? task.state : undefined;
    expectThat(
      ended !== undefined &&
        same([id, tenant, agent, reason], [task?.id, task?.tenant, task?.agent, ended.reason]) &&
        escalation.summary === ended.summary &&
        escalation.createdAt === ended.finishedAt &&
        state.status === 'open',
      'P2',
      () => `an escalation was made that is not what its task says`,
    );
    this.#escalations.set(id, escalation);
    this.onCreated(escalation);
  }

  /** @param person who did it */
  replaced(before: Escalation, after: Escalation, by: Actor, person: string): void {
    const [from, to] = [before.state, after.state];
    expectThat(from.status !== 'answered', 'P5', () => `${by.name} made an answered escalation ${to.status}`);
    const isOthers = from.status === 'claimed' && from.by !== person && from.until > by.latest;
    expectThat(
      !isOthers || by.machine.jumped,
      'P3',
      () => `${person} made it ${to.status} while another person holds it`,
    );
    if (to.status === 'claimed') {
      const renews = from.status === 'claimed' && from.by === to.by && from.until > by.latest;
      expectThat(
        to.until - by.latest <= CLAIM_MS && to.until - by.latest > CLAIM_MS - 60_000 && (!renews || to.at === from.at),
        'P4',
        () => `a claim of ${to.by} lasts ${to.until - by.latest} ms`,
      );
    }
    this.#escalations.set(after.id, after);
  }

  /** A person was told whether their answer counts. */
  told(id: TaskId, answer: { readonly by: string; readonly reply: string }, counts: boolean, who: Actor): void {
    const state = this.#escalations.get(id)?.state;
    const stands = state?.status === 'answered' && state.by === answer.by && state.reply === answer.reply;
    expectThat(
      stands === counts,
      'P6',
      () => `${who.name} was told that the answer ${counts ? 'counts' : 'does not count'}`,
    );
  }
}

const sumIn = (output: unknown): number =>
  typeof output === 'object' && output !== null && 'sum' in output ? Number(output.sum) : -1;
