import { cancelChildren } from '../delegation/children.ts';
import { wakeParent } from '../delegation/wake-parent.ts';
import { callbackOf } from '../callbacks/event.ts';
import { escalationOf } from '../escalations/escalation.ts';
import type { TaskOutcome } from '../ports/notifier.ts';
import { leaveSession } from '../sessions/order.ts';
import type { Session } from '../sessions/session.ts';
import { apply } from '../tasks/apply.ts';
import { markNotified } from '../tasks/finish.ts';
import { isTerminal, type Task, type TerminalState } from '../tasks/task.ts';
import type { Decision } from '../tasks/transition.ts';
import type { EndingPorts } from './ports.ts';
import { countEnd } from './usage-tally.ts';

interface Following {
  /** Counts the end in the usage; called by the one writer that marks the task as notified. @default a separate write */
  readonly count?: (ended: Task) => Promise<void> | void;
  /** The task's session as it was read last. @default it is read */
  readonly session?: Session | null;
}

/**
 * An end that nobody has to hear of is written as notified. Only for the worker that ends the task, which follows up on it
 * at once. It then leaves the session, where it is alone. If the worker dies before, its message comes back, or the next
 * visitor of the session removes the task.
 * @param alone whether nobody waits behind the task in its session
 */
export function unheard(decision: Decision, alone: boolean): Decision {
  if (!decision.ok || !isTerminal(decision.task.state) || isHeard(decision.task, alone)) return decision;
  return { ...decision, task: { ...decision.task, state: { ...decision.task.state, notified: true } } };
}

/** Whether somebody waits for the end of a task, or it leaves something to others. */
const isHeard = (task: Task, alone: boolean): boolean =>
  task.state.status === 'escalated' ||
  task.waiters.length > 0 ||
  (task.sessionId !== undefined && !alone) ||
  [task.callback, task.parent, task.delegation].some((who) => who !== undefined);

/** Reports that a task ended, and notifies its waiters. */
export async function announceEnd(ports: EndingPorts, task: Task, following: Following = {}): Promise<void> {
  const { state } = task;
  const failureKind = state.status === 'failed' ? { failureKind: state.failure.kind } : {};
  const ms = ports.clock.now() - task.createdAt;
  ports.report(task, { type: 'task.finished', status: state.status, ...failureKind, ms });
  if (isTerminal(state) && state.notified) await following.count?.(task);
  await notifyWaiters(ports, task, following);
}

/**
 * Notifies the waiters of an ended task, then marks it as notified: at least once, with the same id each time (I6). The
 * next task of the session and the parent are woken first, so that a waiter that cannot be notified does not hold it up.
 * A waiter in a region that is lost is left to the sweeper, which tries again until the region is back.
 *
 * A task that is marked leaves its session all the same: its worker may have died before it did.
 * @returns whether it is marked, by whomever
 */
export async function notifyWaiters(
  ports: EndingPorts,
  task: Task,
  { count = (ended) => countEnd(ports, ended), session = null }: Following = {},
): Promise<boolean> {
  const { state } = task;
  if (!isTerminal(state)) return true;
  await leaveSession(ports, task, session);
  if (state.notified) return true;
  await cancelChildren(ports, task);
  await wakeParent(ports, task);
  const escalation = escalationOf(task);
  // A caller without an escalation store leaves the task to the sweeper, which has one.
  if (escalation && !ports.escalations) return false;
  if (escalation) await ports.escalations?.create(escalation);
  const outcome = outcomeOf(task, state);
  const answers = task.waiters.map((token) => ports.notifier.answer(token, outcome));
  const [, ...answered] = await Promise.all([sendCallback(ports, task, state), ...answers]);
  if (answered.includes('later')) return false;
  const noted = await apply(ports.store, task, markNotified);
  if (noted.ok) await count(task);
  return true;
}

/** Throws if the task has a callback but there is no queue: an alarm is better than a receiver that waits forever. */
async function sendCallback({ callbacks }: EndingPorts, task: Task, state: TerminalState): Promise<void> {
  const callback = callbackOf(task, state);
  if (callback === null) return;
  if (callbacks === undefined) {
    throw new Error(`Task ${task.id} has a callback, but this function has no callback queue. Set CALLBACK_QUEUE_URL.`);
  }
  await callbacks.send(callback);
}

/** The outcome sent to a waiter. It is small and contains no document text. */
export function outcomeOf(task: Task, state: TerminalState): TaskOutcome {
  const outcome = { id: `${task.id}/end`, taskId: task.id, status: state.status };
  switch (state.status) {
    case 'succeeded':
      return outcome;
    case 'failed':
      return { ...outcome, reason: state.failure.reason };
    case 'cancelled':
      return { ...outcome, reason: 'Cancelled on request.' };
    case 'escalated':
      return { ...outcome, reason: state.reason };
  }
}
