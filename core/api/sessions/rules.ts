import type { Clock } from '../../ports/clock.ts';
import type { SessionStore } from '../../ports/session-store.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { forgetSession as forget, readSession } from '../../sessions/order.ts';
import type { Caller } from '../http/caller.ts';
import type { SessionView } from './messages.ts';
import { notFound } from '../http/problem.ts';
import { requireSession } from '../tasks/require-agents.ts';

export interface SessionApiPorts {
  readonly store: Pick<TaskStore, 'get' | 'getMany'>;
  readonly sessions: SessionStore;
  readonly clock: Clock;
}

/** Returns a session of the caller's tenant. Throws `ApiProblem` if it does not exist, or holds other agents' tasks. */
export async function getSession(ports: SessionApiPorts, caller: Caller, id: string): Promise<SessionView> {
  const session = await readSession(ports, caller.tenant, id);
  if (!session) throw notFound('session', id);
  await requireSession(ports.store, caller, session);
  const turns = session.turns.map(({ taskId, user, assistant, isSummary }) => ({
    taskId,
    user,
    assistant,
    ...(isSummary ? { isSummary } : {}),
  }));
  return { id, waiting: session.waiting, turns, expiresAt: new Date(session.expiresAt).toISOString() };
}

/** Deletes a session's conversation. Throws `ApiProblem` if it does not exist, or holds other agents' tasks. */
export async function forgetSession(ports: SessionApiPorts, caller: Caller, id: string): Promise<void> {
  const { tenant } = caller;
  const session = await readSession(ports, tenant, id);
  if (session) await requireSession(ports.store, caller, session);
  if (!(await forget(ports, tenant, id))) throw notFound('session', id);
}
