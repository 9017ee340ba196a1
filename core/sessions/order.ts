import type { Clock } from '../ports/clock.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { unlessUnreadable } from '../stored/record.ts';
import { apply } from '../tasks/apply.ts';
import { free, waitOn } from '../tasks/progress.ts';
import { isTerminal, type Task } from '../tasks/task.ts';
import { enter, enterUnlessOverdue, forget, leave, type SessionDecision, type SessionRule } from './rules.ts';
import { DEFAULT_SESSION_POLICY, headOf, isKept, newSession, type Session, type SessionPolicy } from './session.ts';

/** The ports that keep the tasks of a session in order. */
export interface SessionPorts {
  readonly store: Pick<TaskStore, 'get' | 'replace'>;
  readonly sessions: SessionStore;
  /** For a session that does not exist yet. @default 20,000 tokens, one hour */
  readonly sessionPolicy?: SessionPolicy | undefined;
  readonly queue: TaskQueue;
  readonly clock: Pick<Clock, 'now'>;
}

/** What it takes to find out whether the first task of a session has ended. */
interface HeadPorts extends Pick<SessionPorts, 'sessions' | 'clock'> {
  readonly store: Pick<TaskStore, 'get'>;
}

type InSession = Pick<Task, 'id' | 'tenant' | 'sessionId' | 'state'>;

/**
 * Enters a task into its session, in order of acceptance: to be called after the task was created and before its
 * message is sent. `full`: the session has 1,000 tasks waiting, and this one was not entered. `opened`: this
 * task is the first of a new session. A task without a session, or that has ended, is `entered`.
 *
 * Most conversations begin with their first task, so the session is created first. One that exists comes back with the
 * refusal, which costs no further call.
 */
export async function enterSession(ports: EnterPorts, task: InSession): Promise<'opened' | 'entered' | 'full'> {
  const { id, tenant, sessionId, state } = task;
  if (sessionId === undefined || isTerminal(state)) return 'entered';
  const opened = enter(emptySession(ports, tenant, sessionId), id, ports.clock.now());
  const stored = await ports.sessions.create(opened.session);
  if (stored === null) return 'opened';
  return (await entering(ports, { ...task, sessionId }, stored)) === 'full' ? 'full' : 'entered';
}

type EnterPorts = HeadPorts & Pick<SessionPorts, 'sessionPolicy'>;

const emptySession = ({ sessionPolicy }: EnterPorts, tenant: string, id: string): Session =>
  newSession(tenant, id, sessionPolicy ?? DEFAULT_SESSION_POLICY);

/** The session with the task in it. @param known the session as it was read last @default it is read */
async function entering(
  ports: EnterPorts,
  { id, tenant, sessionId }: InSession & { readonly sessionId: string },
  known: Session | null = null,
): Promise<Session | 'full'> {
  const none = emptySession(ports, tenant, sessionId);
  const by =
    (rule: typeof enter): SessionRule =>
    (current) =>
      rule(current, id, ports.clock.now());
  let decision = await change(ports.sessions, none, by(enterUnlessOverdue), known);
  if (!decision.ok && decision.refusal === 'overdue') {
    await withoutEnded(ports, tenant, sessionId);
    decision = await change(ports.sessions, none, by(enter));
  }
  return !decision.ok && decision.refusal === 'full' ? 'full' : decision.session;
}

/** A task's position in its session, after ended tasks ahead of it were removed. */
export interface Position {
  readonly session: Session;
  /** Whether it is this task's turn (S1). */
  readonly first: boolean;
}

/** The position of a task that the caller has claimed. `full` when the task is not in the session and cannot enter it. */
export async function positionOf(
  ports: SessionPorts,
  task: InSession & { readonly sessionId: string },
): Promise<Position | 'full'> {
  const { id, tenant, sessionId } = task;
  const entered = await entering(ports, task);
  if (entered === 'full') return 'full';
  // The caller holds the task, so it has not ended, and no task is ahead of it.
  if (headOf(entered) === id) return { session: entered, first: true };
  const session = await withoutEnded(ports, tenant, sessionId);
  if (!session) throw new Error(`Session ${sessionId} was deleted from the store while it was being read.`);
  return { session, first: headOf(session) === id };
}

/**
 * Removes an ended task from its session and wakes the next. Idempotent: anything that notices the end may call it.
 * @param known the session as it was read last, which saves reading it again @default it is read
 */
export async function leaveSession(ports: SessionPorts, task: Task, known: Session | null = null): Promise<void> {
  if (task.sessionId === undefined) return;
  const session = newSession(task.tenant, task.sessionId, DEFAULT_SESSION_POLICY);
  const { waiting } = (await change(ports.sessions, session, leaving(ports, task), known)).session;
  // A task that enters after that write is first.
  if (waiting.length > 0) await wakeHead(ports, task.tenant, task.sessionId);
}

/** Removes ended tasks and wakes the task that is first, if it is parked for the session. */
export async function wakeHead(ports: SessionPorts, tenant: string, sessionId: string): Promise<void> {
  const session = await withoutEnded(ports, tenant, sessionId);
  const head = session && headOf(session);
  const task = head && (await unlessUnreadable(ports.store.get(head), null));
  if (!task || task.state.status !== 'parked' || task.state.cause !== 'session') return;
  if (!(await ports.queue.serves(task.agent))) {
    // The pool is still being deployed. Its sweeper finds the task within two minutes.
    await apply(ports.store, task, (current) => waitOn(current, 0, ports.clock.now()));
    return;
  }
  // Send the message first. In the reverse order a crash in between would lose it.
  await ports.queue.send(task);
  await apply(ports.store, task, (current) => free(current, task, ports.clock.now()));
}

/**
 * Returns a session's turns and waiting tasks, or null when it does not exist or has expired. A task that has ended has its
 * turn, also while its worker is about to remove it.
 */
export async function readSession(ports: HeadPorts, tenant: string, id: string): Promise<Session | null> {
  let session = await ports.sessions.get(tenant, id);
  for (;;) {
    const rule: SessionRule | null = session && (await endedHead(ports, session));
    if (!session || !rule) break;
    session = rule(session).session;
  }
  return session && isKept(session, ports.clock.now()) ? session : null;
}

/** Deletes a session's turns and keeps its waiting tasks. False when the session does not exist. */
export async function forgetSession(ports: HeadPorts, tenant: string, id: string): Promise<boolean> {
  const session = await readSession(ports, tenant, id);
  if (!session) return false;
  // A task that has ended must not bring its turn afterwards.
  await withoutEnded(ports, tenant, id);
  await change(ports.sessions, session, forget);
  return true;
}

/**
 * Returns the session after removing ended tasks from its head. Such a task is left behind when its worker died or when
 * it was entered after its end, and it would block the tasks behind it.
 */
async function withoutEnded(ports: HeadPorts, tenant: string, sessionId: string): Promise<Session | null> {
  for (;;) {
    const session = await ports.sessions.get(tenant, sessionId);
    const rule = session && (await endedHead(ports, session));
    if (!session || !rule) return session;
    await change(ports.sessions, session, rule);
  }
}

/** How the first task leaves, if it has ended. */
async function endedHead(ports: HeadPorts, session: Session): Promise<SessionRule | null> {
  const head = headOf(session);
  if (!head) return null;
  const task = await unlessUnreadable(ports.store.get(head), 'unreadable');
  // One that only another release can read keeps its place until that one has ended it.
  if (task === 'unreadable' || (task && !isTerminal(task.state))) return null;
  // A task that is not found ended long ago: its item outlives its end by weeks.
  return task ? leaving(ports, task) : (at) => leave(at, head, null, ports.clock.now());
}

function leaving({ clock }: Pick<SessionPorts, 'clock'>, { id, agent, state }: Task): SessionRule {
  const turn = 'turn' in state ? (state.turn ?? null) : null;
  return (session) => leave(session, id, turn, isTerminal(state) ? state.finishedAt : clock.now(), agent);
}

/**
 * Decides a rule on the newest state and writes it. If another writer was first, decides again.
 * @param known a state that was read before: tried first, and read anew unless the rule applies to it and it is the newest
 */
async function change(
  sessions: SessionStore,
  from: Session,
  rule: SessionRule,
  known: Session | null = null,
): Promise<SessionDecision> {
  for (let before = known; ; before = null) {
    const current = before ??
      (await sessions.get(from.tenant, from.id)) ?? { ...from, version: 0, waiting: [], turns: [] };
    const decision = rule(current);
    const isDone = decision.ok ? (await sessions.write(decision.session)) === 'written' : before === null;
    if (isDone) return decision;
  }
}
