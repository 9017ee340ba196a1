import type { Agent } from '../agents/define-agent.ts';
import { outcomeOf } from '../ending/notify.ts';
import { NO_TASK, type TaskOutcome } from '../ports/notifier.ts';
import { mayJoin } from '../runs/cancelled.ts';
import { apply } from '../tasks/apply.ts';
import { addWaiter } from '../tasks/finish.ts';
import { unlessUnreadable } from '../stored/record.ts';
import { isTerminal, type Task } from '../tasks/task.ts';
import { keyOf, type AwaitedMessage, type WorkMessage } from '../tasks/work-message.ts';
import { acceptItem } from './accept-item.ts';
import { acceptObject } from './accept-object.ts';
import type { WorkerPorts } from './ports.ts';

/**
 * Returns the task of a message, creating it if needed, with the message's token among its waiters. Null: the message is
 * done. `later`: another run's task of the same document is about to be cancelled, and the message waits for its end.
 */
export async function locate(ports: WorkerPorts, agent: Agent, message: WorkMessage): Promise<Task | 'later' | null> {
  // A task that only another release can read is left alone: that one's sweeper sends it again.
  if (message.type === 'task') return unlessUnreadable(ports.store.get(message.taskId), null);
  if (!(await mayJoin(ports.runs, message))) {
    await ports.notifier.answer(message.taskToken, neverStarted(message));
    return null;
  }
  for (;;) {
    const acceptance = await (message.type === 'object'
      ? acceptObject(ports, agent, message)
      : acceptItem(ports, agent, message));
    if (acceptance.outcome === 'problem') {
      await ports.notifier.answer(message.taskToken, withoutTask(message, acceptance.reason));
      return null;
    }
    const { outcome, task } = acceptance;
    if (outcome === 'created') {
      ports.report(task, { type: 'task.created' });
      return task;
    }
    const { taskToken, runId } = message;
    const decision = await apply(ports.store, task, (current) => addWaiter(current, taskToken, runId));
    if (!decision.ok && decision.refusal === 'cancelling') return 'later';
    const joined = decision.task;
    if (!isTerminal(joined.state)) return joined;
    // It ended between the two reads. How it ended decides whether this request tries it again.
    if (!isTerminal(task.state)) continue;
    // It ended before, so this waiter is notified at once, whether or not the others were.
    await ports.notifier.answer(message.taskToken, outcomeOf(joined, joined.state));
    return joined;
  }
}

/** The outcome of a document or item whose run was cancelled before it became a task. */
const neverStarted = (message: AwaitedMessage): TaskOutcome => ({
  id: `${keyOf(message)}/cancelled`,
  taskId: NO_TASK,
  status: 'cancelled',
  reason: `The run was cancelled before the ${message.type === 'object' ? 'document' : 'item'} was started.`,
});

const withoutTask = (message: AwaitedMessage, reason: string): TaskOutcome => ({
  id: `${keyOf(message)}/no-task`,
  taskId: NO_TASK,
  status: 'failed',
  reason,
});
