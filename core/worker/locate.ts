import type { Agent } from '../agents/define-agent.ts';
import type { ObjectInput } from '../agents/object-input.ts';
import { outcomeOf } from '../ending/notify.ts';
import { FailureError } from '../failures/failure.ts';
import type { TaskOutcome } from '../ports/notifier.ts';
import { mayJoin } from '../runs/cancelled.ts';
import { apply } from '../tasks/apply.ts';
import { addWaiter } from '../tasks/finish.ts';
import { unlessUnreadable } from '../stored/record.ts';
import { acceptTask, type Acceptance } from '../tasks/accept.ts';
import { isTerminal, type Task } from '../tasks/task.ts';
import { keyOf, type AwaitedMessage, type ObjectMessage, type WorkMessage } from '../tasks/work-message.ts';
import { acceptItem } from './accept-item.ts';
import { acceptedEarlier } from './accepted-earlier.ts';
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
  taskId: 'none',
  status: 'cancelled',
  reason: `The run was cancelled before the ${message.type === 'object' ? 'document' : 'item'} was started.`,
});

const withoutTask = (message: AwaitedMessage, reason: string): TaskOutcome => ({
  id: `${keyOf(message)}/no-task`,
  taskId: 'none',
  status: 'failed',
  reason,
});

/** The same bytes are the same task, regardless of their name and of how often they are uploaded. */
async function acceptObject(ports: WorkerPorts, agent: Agent, message: ObjectMessage): Promise<Acceptance> {
  const { bucket, key, etag, size } = message.object;
  const sha256 = await digestOf(ports, agent, message);
  const input: ObjectInput = { object: { bucket, key, size, ...(sha256 === null ? {} : { sha256 }) } };
  const now = ports.clock.now();
  // An object that cannot be read is identified by its name and S3's tag.
  const idempotencyKey = sha256 === null ? `object:${key}:${etag}:${size}` : `sha256:${sha256}`;
  const before = await acceptedEarlier(ports, agent, message, idempotencyKey);
  if (before) return { outcome: 'existing', task: before };
  return acceptTask(
    ports,
    {
      tenant: message.tenant,
      agent: agent.name,
      agentVersion: agent.version,
      idempotencyKey,
      keyScope: 'content',
      priority: 'default',
      input,
      budget: { ...agent.budget, usd: Math.min(agent.budget.usd, message.maxUsd ?? Infinity) },
      createdAt: now,
      deadline: now + agent.deadline * 1_000,
      runId: message.runId,
      request: message.request,
      waiter: message.taskToken,
    },
    'held',
  );
}

async function digestOf(ports: WorkerPorts, agent: Agent, { object }: ObjectMessage): Promise<string | null> {
  if (object.size > agent.maxObjectBytes) return null;
  try {
    return ports.ids.digest(await ports.artifacts.get(object));
  } catch (error) {
    // Gone or forbidden. The task is created all the same: reading its input fails again, so the report's row has the reason.
    if (error instanceof FailureError && error.failure.kind === 'permanent') return null;
    throw error;
  }
}
