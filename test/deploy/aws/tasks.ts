import { randomUUID } from 'node:crypto';
import type { FleetClient } from '#client/index.ts';
import type { TaskSubmission, TaskView } from '#client/types.ts';
import { assistant } from '#systems/assistant/agents/assistant.ts';
import type { ApiAccess } from '../api-access.ts';
import type { Findings } from '../findings.ts';
import { endsOf, statusesOf } from '../traffic.ts';
import { USD_PER_TASK } from './plan.ts';

const PATIENCE_SECONDS = 180;
/** A real batch takes minutes, but may take a day. */
const ECONOMY_SECONDS = 600;

export const task = (instruction: string): TaskSubmission => ({
  agent: assistant.name,
  instruction,
  budget: { usd: USD_PER_TASK },
});

interface Options {
  readonly client: FleetClient;
  readonly access: ApiAccess;
  readonly findings: Findings;
  readonly signal: AbortSignal;
  readonly withModel: boolean;
}

/** Submits, waits, cancels and retries tasks by the API. Returns all tasks as they ended. */
export async function useTaskApi(options: Options): Promise<readonly TaskView[]> {
  const { client, findings, signal, withModel } = options;
  const economy = await client.submit({ ...task('Name one prime number.'), priority: 'economy' });
  const ended = await batchOfTasks(options);
  ended.push(...(await cancelAndRetry(options)));
  if (!withModel) {
    await client.cancel(economy.id);
    findings.notChecked('economy', 'needs a model');
    return ended;
  }
  const [last] = await endsOf(client, [economy.id], ECONOMY_SECONDS, signal);
  if (last === undefined) return ended;
  if (last.finishedAt === undefined) {
    await client.cancel(economy.id);
    findings.notChecked('economy', `the provider’s batch did not end within ${ECONOMY_SECONDS} s; it was cancelled`);
    return ended;
  }
  findings.expect('economy', last.status === 'succeeded', `${statusesOf([last])}, $${last.spent.usd.toFixed(4)}`);
  return [...ended, last];
}

async function batchOfTasks({ client, findings, signal, withModel }: Options): Promise<TaskView[]> {
  const tasks = Array.from({ length: 5 }, (_, number) => task(`What is ${number} plus 2? Answer with the number.`));
  const outcomes = await client.dispatch(tasks, { timeoutMs: PATIENCE_SECONDS * 1_000, signal });
  const ended = outcomes.flatMap((outcome): TaskView[] => (outcome.ended ? [outcome.task] : []));
  const right = ended.filter(({ status }) => status === (withModel ? 'succeeded' : 'failed'));
  const because = withModel ? '' : ', because the model’s key is a placeholder';
  findings.expect('batch of tasks', right.length === tasks.length, `${statusesOf(ended)}${because}`);
  return ended;
}

async function cancelAndRetry({ client, access, findings, signal, withModel }: Options): Promise<TaskView[]> {
  // The last of a session waits for the others, so it is there to be cancelled however fast the first ones are.
  const sessionId = `cancelled-${randomUUID()}`;
  for (let before = 0; before < 4; before += 1)
    await client.submit({ ...task('Write three sentences about the sea.'), sessionId });
  const { id } = await client.submit({ ...task('Write three sentences about the sea.'), sessionId });
  await client.cancel(id);
  const [cancelled] = await endsOf(client, [id], PATIENCE_SECONDS, signal);
  findings.expect('cancel', cancelled?.status === 'cancelled', statusesOf(cancelled ? [cancelled] : []));
  const answer = await fetch(`${access.url.replace(/\/+$/, '')}/tasks/${id}/retry`, {
    method: 'POST',
    headers: { authorization: `Bearer ${access.key}`, ...access.headers },
    signal,
  });
  const retried = (await answer.json()) as { readonly id?: string };
  if (!answer.ok || retried.id === undefined) {
    findings.expect('retry', false, `${answer.status} ${JSON.stringify(retried).slice(0, 200)}`);
    return cancelled ? [cancelled] : [];
  }
  const [again] = await endsOf(client, [retried.id], PATIENCE_SECONDS, signal);
  const right = again?.status === (withModel ? 'succeeded' : 'failed') && again.retryOf === id;
  findings.expect('retry', right, `a new task that names the old one: ${statusesOf(again ? [again] : [])}`);
  return [cancelled, again].filter((each) => each !== undefined);
}
