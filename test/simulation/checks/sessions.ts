import type { ModelMessage } from '#core/ports/model.ts';
import type { Session } from '#core/sessions/session.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task, TaskState } from '#core/tasks/task.ts';
import type { Actor } from '../world/actor.ts';
import { isTerminal, same, type History, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

type Histories = ReadonlyMap<TaskId, History>;
type Sessions = ReadonlyMap<string, SessionHistory>;

export interface SessionHistory {
  readonly session: Session;
  /** Since when its first task is the first, in observations. */
  readonly firstSince: number;
  /** Who made it the first. */
  readonly firstBy: Actor;
  /** Observations at which its tasks were entered. */
  readonly enteredAt: ReadonlyMap<TaskId, number>;
  /** Observation at which an operator last deleted its turns. */
  readonly forgottenAt: number;
}

/**
 * C: the tasks of a session run one after the other, in order of acceptance.
 * - C1 A step is begun only by the task that is first in its session: no two of a session run at once.
 * - C2 Who waits keeps their order; a task is entered at the end, one at a time, and once.
 * - C3 A task is taken out only after its end.
 * - C4 The turn of a task that succeeded or was escalated is added by the very write that takes it out, and no other turn is.
 * - C5 A model is shown the turns of those who succeeded before, whichever worker calls it.
 * - C6 A task whose client was told that it is accepted has been entered.
 * - C7 Who notes that everybody was told of an end has woken the next, if that was parked when it began.
 * - C8 Who parks a task for its session, though it was first by then, has sent its message.
 * - C10 Whoever lets the message of a task go whose end is noted has left its session.
 * - C11 The turns of tasks that had ended when a session was to be forgotten are not seen again (`turns.ts`).
 * - C12 Where an end is noted by the very write that ends the task, the sweeper looks within a minute at whoever waits for
 *   its session: its worker may die before it wakes them.
 */
export function checkFirst({ before, after }: TaskWrite, sessions: Sessions): void {
  const session = sessionOf(after, sessions);
  if (after.sessionId === undefined || !after.reservation || same(before.reservation, after.reservation)) return;
  expectThat(
    session?.waiting[0] === after.id,
    'C1',
    () => `a step of a task is begun that is at place ${session?.waiting.indexOf(after.id)} of its session`,
  );
}

export function checkSession(before: Session | null, after: Session, histories: Histories): void {
  const was = before?.waiting ?? [];
  const kept = was.filter((id) => after.waiting.includes(id));
  const entered = after.waiting.filter((id) => !was.includes(id));
  const expected = [...kept, ...entered];
  const once = new Set(after.waiting).size === after.waiting.length;
  expectThat(
    same(after.waiting, expected) && once && entered.length <= 1,
    'C2',
    () => `the order of ${was.length} became another one of ${after.waiting.length}`,
  );
  const gone = was.filter((id) => !after.waiting.includes(id)).map((id) => histories.get(id));
  for (const history of gone) {
    const status = history?.task.state.status ?? 'unknown';
    expectThat(!!history && isTerminal(history.task.state), 'C3', () => `${history?.alias} left while it is ${status}`);
  }
  const succeeded = gone.filter((history) => hasTurn(history?.task.state)).map((history) => history?.id);
  const known = new Set(before?.turns.map(({ taskId }) => taskId));
  const added = after.turns.map(({ taskId }) => taskId).filter((id) => !known.has(id));
  expectThat(same(added, succeeded), 'C4', () => `${added.length} turns were added, ${succeeded.length} had succeeded`);
}

const hasTurn = (state?: TaskState): boolean => state?.status === 'succeeded' || state?.status === 'escalated';

export function checkContext(
  { task, alias, claims }: History,
  messages: readonly ModelMessage[],
  by: Actor,
  session: Session | null,
): void {
  // Whose claim was taken over may show what it likes: nothing of it counts.
  if (!session || claims.get(task.epoch) !== by || session.waiting[0] !== task.id) return;
  const said = session.turns.flatMap(({ user, assistant }) => [user, assistant]);
  const shown = messages.slice(0, said.length).map(({ content: [part] }) => (part?.type === 'text' ? part.text : ''));
  const own = messages[said.length];
  expectThat(
    same(said, shown) && JSON.stringify(own).includes('instruction'),
    'C5',
    () => `${by.name} shows ${alias} another context than the ${session.turns.length} turns of its session`,
  );
}

export function checkAccepted({ task, alias }: History, session: Session | null): void {
  if (task.sessionId === undefined) return;
  const known = (session?.waiting ?? []).includes(task.id) || isTerminal(task.state);
  expectThat(known, 'C6', () => `${alias} was accepted, and its session knows nothing of it`);
}

export function checkNextWoken({ before, after, by }: TaskWrite, sessions: Sessions, histories: Histories): void {
  const notes = 'notified' in after.state && after.state.notified && !same(before.state, after.state);
  const known = notes && after.sessionId !== undefined ? sessions.get(after.sessionId) : undefined;
  // Whoever else made it the first since then wakes it.
  const next = known && (known.firstBy === by || known.firstSince < by.since) ? known.session.waiting[0] : undefined;
  const history = next && histories.get(next);
  if (!history) return;
  const { state } = history.task;
  const waits = state.status === 'parked' && state.cause === 'session' && history.restedAt < by.since;
  expectThat(!waits, 'C7', () => `${by.name} told everybody, but ${history.alias}, which is next, was not woken`);
}

export function checkParked({ task, alias, parkedBy, restedAt }: History, by: Actor, sessions: Sessions): void {
  const { state, sessionId = '' } = task;
  if (state.status !== 'parked' || state.cause !== 'session' || parkedBy !== by) return;
  const known = sessions.get(sessionId);
  const wasFirst = known?.session.waiting[0] === task.id && known.firstSince < restedAt;
  expectThat(
    !wasFirst || by.sent.has(task.id),
    'C8',
    () => `${by.name} parked ${alias} for its session, in which it was first, and woke it not`,
  );
}

export function checkLeft({ task, alias, claims, writtenAt }: History, by: Actor, sessions: Sessions): void {
  const { state, sessionId = '' } = task;
  const knew = writtenAt < by.since || claims.get(task.epoch) === by;
  if (!('notified' in state) || !state.notified || !knew) return;
  const known = sessions.get(sessionId);
  const isThere = known?.session.waiting.includes(task.id) && (known.enteredAt.get(task.id) ?? 0) < by.since;
  expectThat(!isThere, 'C10', () => `${by.name} lets the message of ${alias} go, which is still in its session`);
}

/** The sweeper looks at a task that waits for its session after a minute, and then after twice as long each time. */
const LOOK_MS = 60_000;
const MAX_DOUBLINGS = 3;
/** A write takes a moment, in which the clock goes on. */
const MOMENT_MS = 1_000;

/** @param now by the true clock */
export function checkLookedAt({ before, after, by, plan }: TaskWrite, now: number, histories: Histories): void {
  // A write that does both is judged in two parts of the same version.
  const isOne = before.version === after.version && 'notified' in after.state && after.state.notified;
  if (!isOne || after.sessionId === undefined || plan.skewMs > 0 || by.machine.jumped || by.machine.faults > 0) return;
  for (const { task, alias } of histories.values()) {
    const { state } = task;
    if (task.sessionId !== after.sessionId || state.status !== 'parked' || state.cause !== 'session') continue;
    const due = state.until + LOOK_MS * 2 ** Math.min(state.looks ?? 0, MAX_DOUBLINGS);
    const late = due - (now + LOOK_MS + MOMENT_MS);
    expectThat(late <= 0, 'C12', () => `${by.name} notes its end, and ${alias} is looked at ${late} ms too late`);
  }
}

export const sessionOf = ({ sessionId }: Pick<Task, 'sessionId'>, sessions: Sessions): Session | null =>
  (sessionId === undefined ? undefined : sessions.get(sessionId)?.session) ?? null;
