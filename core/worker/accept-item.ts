import { canonicalJson } from '../agents/definition.ts';
import type { Agent } from '../agents/define-agent.ts';
import { acceptTask, type Acceptance } from '../tasks/accept.ts';
import type { Task } from '../tasks/task.ts';
import type { ItemMessage } from '../tasks/work-message.ts';
import { acceptedEarlier } from './accepted-earlier.ts';
import type { WorkerPorts } from './ports.ts';

/** Longest input of a stage, in characters of its JSON. DynamoDB holds 400 KB in an item, with the task's output. */
const MAX_INPUT_LENGTH = 200_000;

/** Why an item never becomes a task of its stage. */
export interface ItemProblem {
  readonly outcome: 'problem';
  readonly reason: string;
}

/**
 * The task of an item in a stage. Its id follows from the agent, its version, the group of runs and the input: a run that
 * is started again finds what has succeeded and pays nothing for it (I3, I10). The first stage gets the item, each later
 * one `{ item, previous }` with the output of the stage before.
 */
export async function acceptItem(
  ports: WorkerPorts,
  agent: Agent,
  message: ItemMessage,
): Promise<Acceptance | ItemProblem> {
  const { item, previous = null, group, runId } = message;
  const before = previous === null ? null : await ports.store.get(previous);
  if (previous !== null && (before?.tenant !== message.tenant || before.state.status !== 'succeeded'))
    return { outcome: 'problem', reason: 'The result of the stage before was not found. Start the run again.' };
  const input = before === null ? item : { item, previous: outputOf(before) };
  const text = canonicalJson(input);
  if (text.length > MAX_INPUT_LENGTH) return { outcome: 'problem', reason: tooLong(text.length) };
  const idempotencyKey = `item:${ports.ids.digest(JSON.stringify([group ?? null, text]))}`;
  const earlier = await acceptedEarlier(ports, agent, message, idempotencyKey);
  if (earlier) return { outcome: 'existing', task: earlier };
  const now = ports.clock.now();
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
      budget: { ...agent.budget, usd: Math.min(agent.budget.usd, message.maxUsd) },
      createdAt: now,
      deadline: Math.min(now + agent.deadline * 1_000, message.deadline),
      runId,
      request: { id: runId, retry: 0 },
      waiter: message.taskToken,
    },
    'held',
  );
}

const outputOf = ({ state }: Task): unknown => (state.status === 'succeeded' ? state.output : null);

const tooLong = (length: number): string =>
  `The item and the output of the stage before have ${length} characters. Let the stage before write large results to S3 and return their key.`;
