import type { Agent } from '../agents/define-agent.ts';
import type { ObjectInput } from '../agents/object-input.ts';
import { FailureError } from '../failures/failure.ts';
import { apply } from '../tasks/apply.ts';
import { addWaiter } from '../tasks/finish.ts';
import { submit } from '../tasks/submit.ts';
import type { Task } from '../tasks/task.ts';
import type { ObjectMessage, WorkMessage } from './message.ts';
import { outcomeOf } from './notify.ts';
import { isTerminal } from '../tasks/task.ts';
import type { WorkerPorts } from './ports.ts';

/** One stack serves one tenant until keys tell them apart. */
const TENANT = 'default';

/** The task a message is about, made if it is new, with the message's token among its waiters. */
export async function locate(ports: WorkerPorts, agent: Agent, message: WorkMessage): Promise<Task | null> {
  if (message.type === 'task') return ports.store.get(message.taskId);
  const { created, task } = await submitObject(ports, agent, message);
  if (created) {
    ports.report(task, { type: 'task.created' });
    return task;
  }
  const decision = await apply(ports.store, task, (current) => addWaiter(current, message.taskToken));
  // It ended between the two looks: whether this request tries it anew is decided on how it ended.
  if (isTerminal(decision.task.state) && !isTerminal(task.state)) return locate(ports, agent, message);
  // It ended before: this waiter is answered at once, whether the others were or not.
  if (isTerminal(decision.task.state))
    await ports.notifier.answer(message.taskToken, outcomeOf(decision.task, decision.task.state));
  return decision.task;
}

/** The same bytes are the same task, under whatever name and however often they are uploaded. */
async function submitObject(ports: WorkerPorts, agent: Agent, message: ObjectMessage) {
  const { bucket, key, etag, size } = message.object;
  const sha256 = await digestOf(ports, agent, message);
  const input: ObjectInput = { object: { bucket, key, size, ...(sha256 === null ? {} : { sha256 }) } };
  const now = ports.clock.now();
  return submit(ports, {
    tenant: TENANT,
    agent: agent.name,
    agentVersion: agent.version,
    // What can't be read has only its name and S3's own tag to go by.
    idempotencyKey: sha256 === null ? `object:${key}:${etag}:${size}` : `sha256:${sha256}`,
    priority: 'default',
    input,
    budget: { ...agent.budget, usd: Math.min(agent.budget.usd, message.maxUsd ?? Infinity) },
    createdAt: now,
    deadline: now + agent.deadline * 1_000,
    runId: message.runId,
    request: message.request,
    waiter: message.taskToken,
  });
}

async function digestOf(ports: WorkerPorts, agent: Agent, { object }: ObjectMessage): Promise<string | null> {
  if (object.size > agent.maxObjectBytes) return null;
  try {
    return ports.ids.digest(await ports.artifacts.get(object));
  } catch (error) {
    // Gone or forbidden: the task is made all the same and `prepare` meets the error again, so the row says why.
    if (error instanceof FailureError && error.failure.kind === 'permanent') return null;
    throw error;
  }
}
