import { notifyWaiters } from '../ending/notify.ts';
import type { EndingPorts } from '../ending/ports.ts';
import { NO_TASK, type TaskOutcome } from '../ports/notifier.ts';
import { apply } from '../tasks/apply.ts';
import { abandon } from '../tasks/finish.ts';
import { isTerminal } from '../tasks/task.ts';
import { keyOf, tokenIn, type WorkMessage } from '../tasks/work-message.ts';

const REASON =
  'The message of the task was received too often without success and moved to the dead-letter queue. The logs of the worker show the cause.';

/**
 * Handles a message of a pool's dead-letter queue (I9): fails its task and notifies the waiters. A task that is validly
 * leased or parked is healthy, and the sweeper requeues it without this message.
 */
export async function failDeadLetter(
  ports: EndingPorts,
  message: WorkMessage,
): Promise<'failed' | 'left' | 'answered'> {
  if (message.type !== 'task') {
    // No task may exist yet; the row is answered by its token, and a task that does exist ends by itself.
    await ports.notifier.answer(message.taskToken, unprocessed(keyOf(message)));
    return 'answered';
  }
  const now = ports.clock.now();
  const task = await ports.store.get(message.taskId);
  if (!task) return 'left';
  const decision = await apply(ports.store, task, (current) =>
    abandon(current, { kind: 'crashed', reason: REASON }, now),
  );
  if (!isTerminal(decision.task.state)) return 'left';
  await notifyWaiters(ports, decision.task);
  return 'failed';
}

/**
 * Answers the token of a message that does not have the schema of this release (I9).
 * @returns whether it has a token
 */
export async function answerUnreadable(
  { notifier }: Pick<EndingPorts, 'notifier'>,
  message: unknown,
  problem: string,
): Promise<boolean> {
  const found = tokenIn(message);
  if (!found) return false;
  const reason = `The worker could not read the message of the task: ${problem}. Start it again with the release that is deployed.`;
  await notifier.answer(found.token, unprocessed(found.key, reason));
  return true;
}

function unprocessed(key: string, reason = REASON): TaskOutcome {
  return { id: `${key}/dead-letter`, taskId: NO_TASK, status: 'failed', reason };
}
