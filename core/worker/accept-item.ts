import { canonicalJson } from '../agents/definition.ts';
import type { Agent } from '../agents/define-agent.ts';
import type { Acceptance } from '../tasks/accept.ts';
import type { Task } from '../tasks/task.ts';
import type { ItemMessage } from '../tasks/work-message.ts';
import { utf8Length } from '../text/utf8-length.ts';
import { acceptHeld } from './accept-held.ts';
import type { WorkerPorts } from './ports.ts';

/** Largest input of a stage, in bytes of its JSON. DynamoDB holds 400 KB in an item, with the task's output. */
const MAX_INPUT_BYTES = 200_000;

/** Why an item never becomes a task of its stage. */
export interface ItemProblem {
  readonly outcome: 'problem';
  readonly reason: string;
}

/**
 * The task of an item in a stage. Its id follows from the agent, its version, the pipeline, the group of runs and the input: a run that
 * is started again finds what has succeeded and pays nothing for it (I3, I10). The first stage gets the item, each later
 * one `{ item, previous }` with the output of the stage before.
 */
export async function acceptItem(
  ports: WorkerPorts,
  agent: Agent,
  message: ItemMessage,
): Promise<Acceptance | ItemProblem> {
  const { item, previous = null, workflow, group, runId, deadline } = message;
  const before = previous === null ? null : await ports.store.get(previous);
  if (previous !== null && (before?.tenant !== message.tenant || before.state.status !== 'succeeded'))
    return { outcome: 'problem', reason: 'The result of the stage before was not found. Start the run again.' };
  const input = before === null ? item : { item, previous: outputOf(before) };
  const text = canonicalJson(input);
  const size = utf8Length(text);
  if (size > MAX_INPUT_BYTES) return { outcome: 'problem', reason: tooLong(size) };
  const key = `item:${ports.ids.digest(JSON.stringify([workflow, group ?? null, text]))}`;
  return acceptHeld(ports, agent, message, { key, input, request: { id: runId, retry: 0 }, deadline });
}

const outputOf = ({ state }: Task): unknown => (state.status === 'succeeded' ? state.output : null);

const tooLong = (bytes: number): string =>
  `The item and the output of the stage before have ${bytes} bytes. Let the stage before write large results to S3 and return their key.`;
