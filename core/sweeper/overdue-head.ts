import { notifyWaiters } from '../ending/notify.ts';
import type { EndingPorts } from '../ending/ports.ts';
import { headOf } from '../sessions/session.ts';
import { apply } from '../tasks/apply.ts';
import { expire } from '../tasks/finish.ts';
import { isTerminal } from '../tasks/task.ts';

/** The sweeper of the first task's own pool ends it within two minutes of its deadline. */
const OWN_SWEEPER_MS = 300_000;

/**
 * Ends the first task of a session if it should have ended long ago. Its agent may have been removed with its system:
 * then no sweeper looks after it, and the tasks behind it would wait until their own deadlines (I11).
 */
export async function endOverdueHead(ports: EndingPorts, tenant: string, sessionId: string): Promise<void> {
  const session = await ports.sessions.get(tenant, sessionId);
  const head = session && headOf(session);
  const task = head && (await ports.store.get(head));
  const now = ports.clock.now();
  if (!task || isTerminal(task.state) || now < task.deadline + OWN_SWEEPER_MS) return;
  const decision = await apply(ports.store, task, (current) => expire(current, now));
  if (decision.ok) await notifyWaiters(ports, decision.task);
}
