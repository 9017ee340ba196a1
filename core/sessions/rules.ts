import type { TaskId } from '../tasks/task-id.ts';
import { isKept, MAX_WAITING, type Session } from './session.ts';
import { withSummary } from './summary.ts';
import type { Turn } from './turn.ts';

type SessionRefusal = 'unchanged' | 'full' | 'overdue';

/**
 * `unchanged`: nothing would change. `full`: too many tasks are waiting. `overdue`: the session would have expired, unless
 * its first task still works.
 */
export type SessionDecision =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly refusal: SessionRefusal; readonly session: Session };

/** A state transition of a session. Pure, so that it can be decided again on a newer state when a write conflicts. */
export type SessionRule = (session: Session) => SessionDecision;

const refused = (session: Session, refusal: SessionRefusal): SessionDecision => ({ ok: false, refusal, session });

function advance(session: Session, change: Partial<Session>): SessionDecision {
  return { ok: true, session: { ...session, ...change, version: session.version + 1 } };
}

/** Adds a task to the end of the waiting tasks (S2). A task that waits already or has had its turn changes nothing. */
export function enter(session: Session, taskId: TaskId, now: number): SessionDecision {
  const { waiting, turns, policy } = session;
  if (waiting.includes(taskId) || turns.some((turn) => turn.taskId === taskId)) return refused(session, 'unchanged');
  if (waiting.length >= MAX_WAITING) return refused(session, 'full');
  return advance(session, {
    waiting: [...waiting, taskId],
    turns: isKept(session, now) ? turns : [],
    expiresAt: now + policy.keptMs,
    ...(isKept(session, now) ? {} : { agents: [] }),
  });
}

/**
 * The same, unless the first task may have ended without leaving: then the session may have expired since, and its turns
 * must not be shown to this one.
 */
export function enterUnlessOverdue(session: Session, taskId: TaskId, now: number): SessionDecision {
  const { waiting, expiresAt } = session;
  const isOverdue = waiting.length > 0 && expiresAt <= now && !waiting.includes(taskId);
  return isOverdue ? refused(session, 'overdue') : enter(session, taskId, now);
}

/**
 * Removes an ended task from any position, and adds its turn if it has one (S3). The session's life counts from its end,
 * however late it is removed.
 * @param agent whose turn it is (S5)
 */
export function leave(
  session: Session,
  taskId: TaskId,
  turn: Turn | null,
  endedAt: number,
  agent?: string,
): SessionDecision {
  const { waiting, turns, agents = [], policy } = session;
  if (!waiting.includes(taskId)) return refused(session, 'unchanged');
  return advance(session, {
    waiting: waiting.filter((id) => id !== taskId),
    turns: turn === null ? turns : newest(added(turns, taskId, turn), policy.tokenLimit),
    expiresAt: Math.max(session.expiresAt, endedAt + policy.keptMs),
    ...(turn !== null && agent !== undefined && { agents: [...new Set([...agents, agent])] }),
  });
}

function added(turns: Session['turns'], taskId: TaskId, { summary, ...turn }: Turn): Session['turns'] {
  return [...withSummary(turns, summary), { taskId, ...turn }];
}

/** Deletes the turns. Waiting tasks stay. */
export function forget(session: Session): SessionDecision {
  return session.turns.length === 0 ? refused(session, 'unchanged') : advance(session, { turns: [], agents: [] });
}

/** The newest turns that fit the limit together. The last turn always stays. */
function newest<Some extends Pick<Turn, 'tokens'>>(turns: readonly Some[], tokenLimit: number): Some[] {
  let left = tokenLimit;
  const dropped = turns.findLastIndex(({ tokens }, index) => (left -= tokens) < 0 && index < turns.length - 1);
  return turns.slice(dropped + 1);
}
