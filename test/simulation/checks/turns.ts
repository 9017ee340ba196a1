import type { ModelMessage } from '#core/ports/model.ts';
import type { Session } from '#core/sessions/session.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Actor } from '../world/actor.ts';
import { isCalm, type Plan } from '../world/plan.ts';
import { isTerminal, type History, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

/** What a summary call was shown, by its place `<task>/<step>`. */
type Shown = ReadonlyMap<string, string>;

type Turns = Session['turns'];

/**
 * C9: a session's turns are kept for its time and within its limit, and none is lost without a reason.
 * - C9.1 Turns go only when the session has expired, by the clock of who enters the next task; when a summary takes
 *   their place, which was made of them; or when they are the oldest of more than fit.
 * - C9.2 Where nothing went wrong and the agent wants summaries, none is dropped: a summary takes its place.
 * - C9.3 The turns fit the limit together, but for the last one. No more of them are dropped than that takes.
 * - C9.4 The time of a session counts from its last use: from each task that is entered, and from each end, however late it
 *   is noticed.
 * - C9.5 A task makes one summary at most.
 * - C9.6 A summary that cannot be made fails no task that has its answer.
 */
export class TurnBooks {
  readonly #shown = new Map<string, string>();
  readonly #forgotten = new Set<TaskId>();
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** The tasks of a session that have ended by now. A session that is forgotten from now on must not show their turns again. */
  endedIn(sessionId: string, histories: ReadonlyMap<TaskId, History>): readonly TaskId[] {
    const ended = [...histories.values()].filter(({ task }) => task.sessionId === sessionId && isTerminal(task.state));
    return ended.map(({ id }) => id);
  }

  /** The session of these tasks was forgotten. */
  forgotten(ids: readonly TaskId[]): void {
    for (const id of ids) this.#forgotten.add(id);
  }

  /** A summary call arrives at the model. */
  summaryAsked(place: string, messages: readonly ModelMessage[]): void {
    const parts = messages.flatMap(({ content }) => content.map((part) => (part.type === 'text' ? part.text : '')));
    this.#shown.set(place, parts.join('\n'));
  }

  sessionWritten(before: Session | null, after: Session, by: Actor, histories: ReadonlyMap<TaskId, History>): void {
    const { sessions } = this.#plan.area ?? {};
    if (!sessions) return;
    if (before !== null && isForgetting(before, after, by)) return;
    const left = before?.waiting.find((id) => !after.waiting.includes(id));
    const leaver = left && histories.get(left);
    if (leaver) checkLifeAfter(before, after, leaver, sessions.keptMs);
    else if (!by.machine.jumped) checkLife(after, by, sessions.keptMs);
    const back = after.turns.find(({ taskId }) => this.#forgotten.has(taskId));
    expectThat(!back, 'C11', () => `the turn of ${back?.taskId} was forgotten, and is there again`);
    const known = before?.turns ?? [];
    const kept = new Set(after.turns.map(wordsOf));
    const gone = known.filter((turn) => !kept.has(wordsOf(turn)));
    const limit = sessions.tokenLimit;
    const total = after.turns.reduce((sum, { tokens }) => sum + tokens, 0);
    expectThat(
      total <= limit || after.turns.length === 1,
      'C9.3',
      () => `${after.turns.length} turns of ${total} tokens are kept, ${limit} may be`,
    );
    if (before !== null && after.waiting.length > before.waiting.length && !by.machine.jumped)
      checkExpiry(before, after, by, { keptMs: sessions.keptMs, histories });
    if (before === null || gone.length === 0) return;
    if (after.waiting.length > before.waiting.length) return checkExpired(before, after, by);
    this.#checkGone(known, after, gone, histories);
  }

  #checkGone(known: Turns, after: Session, gone: Turns, histories: ReadonlyMap<TaskId, History>): void {
    const before = new Set(known.map(wordsOf));
    const leaver = after.turns.at(-1)?.taskId;
    const history = leaver && histories.get(leaver);
    const summary = after.turns.find((turn) => turn.isSummary && !before.has(wordsOf(turn)));
    const upTo = summary ? known.findIndex(({ taskId }) => taskId === summary.taskId) : -1;
    const covered = new Set(known.slice(0, upTo + 1).map(wordsOf));
    const shown = history ? shownTo(history, this.#shown) : '';
    for (const turn of known.slice(0, upTo + 1)) {
      expectThat(
        shown.includes(turn.user) && shown.includes(turn.assistant),
        'C9.1',
        () => `a summary takes the place of the turn of ${turn.taskId}, which it was not made of`,
      );
    }
    const dropped = gone.filter((turn) => !covered.has(wordsOf(turn)));
    if (dropped.length === 0) return;
    const oldest = known.slice(upTo + 1, upTo + 1 + dropped.length);
    expectThat(
      dropped.every((turn, index) => turn === oldest[index]),
      'C9.1',
      () => 'a turn was dropped that was not the oldest',
    );
    const total = after.turns.reduce((sum, { tokens }) => sum + tokens, dropped.at(-1)?.tokens ?? 0);
    const { tokenLimit, overflow } = this.#plan.area?.sessions ?? { tokenLimit: 0 };
    expectThat(
      total > tokenLimit,
      'C9.3',
      () => `a turn was dropped though ${total} of ${tokenLimit} tokens would fit`,
    );
    const strict = overflow === 'summarise' && isUndisturbed(this.#plan);
    expectThat(
      !strict,
      'C9.2',
      () => `${dropped.length} turns were dropped, and nothing kept a summary from being made`,
    );
  }
}

export function checkSummaries({ history, before, after, plan }: TaskWrite): void {
  if (!plan.area?.sessions) return;
  const steps = after.steps.map((epoch, index) => history.steps.get(`${index}/${epoch}`));
  const summaries = steps.filter((step) => step?.kind === 'model' && step.isSummary).length;
  expectThat(summaries <= 1, 'C9.5', () => `${history.alias} made ${summaries} summaries`);
  const { state } = after;
  if (isTerminal(before.state) || state.status !== 'failed') return;
  const last = steps.findLast((step) => step?.kind === 'model' && !step.isSummary);
  const answered =
    last?.kind === 'model' && last.content.some((part) => part.type === 'text' && /^\{"sum":\d+\}$/.test(part.text));
  const { kind } = state.failure;
  expectThat(
    !answered || (kind !== 'permanent' && kind !== 'over-budget' && kind !== 'invalid-output'),
    'C9.6',
    () => `${history.alias} fails as ${kind}, and its last answer was good`,
  );
}

/** A write takes a moment, in which the clock goes on. */
const MOMENT_MS = 1_000;

function checkLife(after: Session, by: Actor, keptMs: number): void {
  const left = after.expiresAt - by.latest;
  expectThat(
    left <= keptMs && left >= keptMs - (by.machine.faults > 0 ? Infinity : MOMENT_MS),
    'C9.4',
    () => `a session that was used just now is kept for ${left} ms, not for ${keptMs}`,
  );
}

/** Its worker's clock may be behind that of who entered it. */
function checkLifeAfter(before: Session | null, after: Session, { task, alias }: History, keptMs: number): void {
  const until = ('finishedAt' in task.state ? task.state.finishedAt : 0) + keptMs;
  const isRight = after.expiresAt >= until && after.expiresAt <= Math.max(until, before?.expiresAt ?? 0);
  const off = after.expiresAt - until;
  expectThat(isRight, 'C9.4', () => `a session is kept for ${off} ms more than from the end of ${alias}`);
}

/** An operator deletes the turns, and nothing else. */
export const isForgetting = (before: Session, after: Session, by: Actor): boolean =>
  by.role === 'operator' && after.turns.length === 0 && after.waiting.length === before.waiting.length;

interface Ends {
  readonly keptMs: number;
  readonly histories: ReadonlyMap<TaskId, History>;
}

/** What has expired is not shown to the next task. Tasks that have ended without leaving keep no session alive. */
function checkExpiry(before: Session, after: Session, by: Actor, { keptMs, histories }: Ends): void {
  const lastUses = before.waiting.map((id) => {
    const history = histories.get(id);
    if (!history || history.writtenAt >= by.since || !('finishedAt' in history.task.state)) return Infinity;
    return history.task.state.finishedAt + keptMs;
  });
  const expiresAt = Math.max(before.expiresAt, ...lastUses);
  const expired = expiresAt + MOMENT_MS < by.latest && by.machine.faults === 0;
  const shown = after.turns.length > 0 || lastUses.length > 0;
  expectThat(!expired || !shown, 'C9.1', () => `${after.turns.length} turns outlived their session`);
}

function checkExpired(before: Session, after: Session, by: Actor): void {
  expectThat(
    before.waiting.length === 0 && before.expiresAt <= by.latest,
    'C9.1',
    () => `turns were dropped ${before.expiresAt - by.latest} ms before their time, ${before.waiting.length} waiting`,
  );
  expectThat(after.turns.length === 0, 'C9.1', () => 'an expired session kept some of its turns');
}

/** Whether nothing keeps a summary from being made. */
const isUndisturbed = (plan: Plan): boolean =>
  isCalm(plan) &&
  plan.disturbances.length === 0 &&
  plan.model.throttled.length === 0 &&
  plan.model.transient + plan.model.permanent + plan.model.hanging + plan.model.invalid === 0 &&
  plan.budget.usd >= 1;

const wordsOf = ({ taskId, user, assistant }: Turns[number]): string => `${taskId} ${user} ${assistant}`;

/** All that a task's finished summary was made of. */
function shownTo({ task, steps }: History, shown: Shown): string {
  const index = task.steps.findIndex((epoch, at) => {
    const step = steps.get(`${at}/${epoch}`);
    return step?.kind === 'model' && step.isSummary === true;
  });
  return shown.get(`${task.id}/${index}`) ?? '';
}
