import { taskItem } from '#adapters/dynamodb/task-item.ts';
import { newTask } from '#core/tasks/submit.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import type { Task, TaskState } from '#core/tasks/task.ts';
import type { LocalCloud } from '@agent-fleet/local-cloud';

export interface Seed {
  readonly cloud: Pick<LocalCloud, 'call'>;
  /** Name of the state table. */
  readonly table: string;
  readonly tenant: string;
  readonly agent: string;
  readonly count: number;
  /** The run that they belong to. @default none */
  readonly runId?: string;
}

const DAYS = 14;
const RETENTION_DAYS = 90;
/** BatchWriteItem takes 25 items. */
const AT_ONCE = 25;
/** The machine's own user. */
const OWNER = { accessKeyId: 'seed', principal: 'root' };

/**
 * Writes tasks directly into the table of a local fleet, as they are after they have ended: spread over two weeks, the
 * newest just now. One in a hundred waits for a retry tomorrow. Returns the newest.
 */
export async function seedTasks({ cloud, table, count, ...from }: Seed): Promise<Task> {
  const now = Date.now();
  const apart = (DAYS * 86_400_000) / count;
  let written: Promise<unknown>[] = [];
  for (let first = 0; first < count; first += AT_ONCE) {
    const indexes = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, index) => first + index);
    const items = indexes.map((index) => taskItem(seededTask(index, now - index * apart, from), RETENTION_DAYS));
    const RequestItems = { [table]: items.map((Item) => ({ PutRequest: { Item } })) };
    written.push(cloud.call('dynamodb', 'BatchWriteItem', { RequestItems }, OWNER));
    // What is written in one turn of the event loop is one transaction.
    if (written.length < 40) continue;
    await Promise.all(written);
    written = [];
  }
  await Promise.all(written);
  return seededTask(0, now, from);
}

type From = Pick<Seed, 'tenant' | 'agent' | 'runId'>;

function seededTask(index: number, at: number, { tenant, agent, runId }: From): Task {
  const createdAt = Math.floor(at);
  const id = taskIdSchema.parse(`task-seeded-${runId ?? 'alone'}-${String(index).padStart(6, '0')}`);
  const accepted = newTask(id, {
    tenant,
    agent,
    agentVersion: '1',
    priority: 'default',
    ...(runId === undefined ? {} : { runId }),
    input: { instruction: `What is ${index} plus ${index}?` },
    budget: { tokens: 20_000, usd: 0.05 },
    createdAt,
    deadline: createdAt + 2 * 86_400_000,
    request: { id: 'seed', retry: 0 },
  });
  const usage = { input: 400 + (index % 97), output: 30, cacheRead: index % 3 === 0 ? 300 : 0, cacheWrite: 0 };
  return {
    ...accepted,
    version: 3,
    epoch: 1,
    spend: { ...accepted.spend, usage, usd: 0.000_055 },
    state: stateOf(index, createdAt + 2_400),
  };
}

function stateOf(index: number, finishedAt: number): TaskState {
  const ended = { finishedAt, notified: true } as const;
  const kind = index % 100;
  if (kind === 1) return { status: 'parked', cause: 'retry', until: Date.now() + 86_400_000 };
  if (kind === 2) return { status: 'cancelled', ...ended };
  if (kind === 3)
    return { status: 'failed', failure: { kind: 'permanent', reason: 'The document is not a PDF file.' }, ...ended };
  if (kind === 4)
    return {
      status: 'failed',
      failure: { kind: 'over-budget', reason: 'The next call does not fit the budget.' },
      ...ended,
    };
  return { status: 'succeeded', output: { text: `${index} + ${index} = ${2 * index}` }, warnings: [], ...ended };
}
