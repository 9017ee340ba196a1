import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { FinishedTask, TaskStore } from '#core/ports/task-store.ts';
import type { Step } from '#core/tasks/step.ts';
import { taskIdSchema, type Task, type TaskId } from '#core/tasks/task.ts';
import { dynamodb } from './client.ts';
import { ABSENT, atVersion, conditionalPut, readItem, type Item, type Table } from './conditional-put.ts';
import { listTasks } from './list-tasks.ts';
import { merge } from './merge.ts';
import { queried, type Query } from './queried.ts';
import { parseFinished, parseStep, parseTask, stepItem, taskItem } from './task-item.ts';
import {
  attentionShards,
  deadLetterShard,
  economyShards,
  idOfTaskKey,
  runKeys,
  STEP_PREFIX,
  taskKey,
} from './state-table.ts';

export interface DynamodbTaskStoreOptions {
  /** Name of the state table. */
  readonly table: string;
  /** Agents whose tasks `overdue` looks through. @default none */
  readonly agents?: readonly string[];
  /**
   * Days an ended task is kept, steps twice as long; must exceed the longest deadline. After it the same
   * idempotency key makes a new task. @default 30
   */
  readonly retentionDays?: number;
  /** @default the process's own, from the AWS environment */
  readonly client?: DynamoDBClient;
}

/**
 * Tasks in DynamoDB.
 * 1. Each write is one conditional put of one item: no transaction, stream or TTL decides anything, so the table may
 *    be replicated with multi-region strong consistency.
 * 2. `replace` takes effect only on the version its decision was made from, `create` and `putStep` only where nothing
 *    is: of many writers one wins, and a late one changes nothing (I2, I3).
 * 3. Reads by key are strongly consistent; the indexes trail and serve only the sweeper and progress.
 */
export function dynamodbTaskStore(options: DynamodbTaskStoreOptions): TaskStore {
  const { table, agents = [], retentionDays = 30, client = dynamodb() } = options;
  const at: Table = { client, table };
  const get = async (id: TaskId): Promise<Task | null> => {
    const item = await readItem(at, keyOf(id));
    return item && parseTask(item);
  };
  return {
    get,
    getMany: (ids) => getMany(at, ids),
    async create(task) {
      const item = taskItem(task, retentionDays);
      for (;;) {
        if ((await conditionalPut(at, item, ABSENT)) === 'written') return { created: true, task };
        const existing = await get(task.id);
        // Gone between the two only when it expired just now: then the id is free.
        if (existing) return { created: false, task: existing };
      }
    },
    async replace(next) {
      const outcome = await conditionalPut(at, taskItem(next, retentionDays), atVersion(next.version - 1));
      return outcome === 'written' ? 'replaced' : 'conflict';
    },
    async putStep(step) {
      // Refused means that it is there already, and a step is never changed.
      await conditionalPut(at, stepItem(step, retentionDays), ABSENT);
    },
    steps: (id) => stepsOf(at, id),
    overdue: (now) => overdue(at, agents, now),
    waitingForBatch: (agent) => waitingForBatch(at, agent),
    finishedInRun: (runId, since) => finishedInRun(at, runId, since),
    deadLetters: (agent) => deadLetters(at, agent),
    list: (listing) => listTasks(at, listing),
  };
}

function keyOf(id: TaskId): Item {
  const { pk, sk } = taskKey(id);
  return { pk: { S: pk }, sk: { S: sk } };
}

/** Keys of one BatchGetItem request (API limit). */
const BATCH = 100;

async function getMany({ client, table }: Table, ids: readonly TaskId[]): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  let keys = [...new Set(ids)].map(keyOf);
  while (keys.length > 0) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys.slice(0, BATCH), ConsistentRead: true } } }),
    );
    tasks.push(...(Responses?.[table] ?? []).map(parseTask));
    // An answer is at most 16 MB. A throttled request that got nowhere is an error, which the SDK retries, so each
    // round makes progress.
    keys = [...(UnprocessedKeys?.[table]?.Keys ?? []), ...keys.slice(BATCH)];
  }
  return tasks;
}

async function stepsOf(at: Table, id: TaskId): Promise<readonly Step[]> {
  const query = {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': { S: taskKey(id).pk }, ':prefix': { S: STEP_PREFIX } },
    ConsistentRead: true,
  };
  const steps: Step[] = [];
  for await (const item of queried(at, query)) steps.push(parseStep(item));
  return steps.sort((a, b) => a.index - b.index || a.epoch - b.epoch);
}

async function* overdue(at: Table, agents: readonly string[], now: number): AsyncGenerator<TaskId> {
  for (const shard of agents.flatMap((agent) => [...attentionShards(agent), ...economyShards(agent)])) {
    const items = queried(at, {
      IndexName: 'attention',
      KeyConditionExpression: 'attentionShard = :shard AND attentionAt <= :now',
      ExpressionAttributeValues: { ':shard': { S: shard }, ':now': { N: String(now) } },
    });
    for await (const { pk } of items) yield taskIdSchema.parse(idOfTaskKey(pk?.S ?? ''));
  }
}

async function* waitingForBatch(at: Table, agent: string): AsyncGenerator<TaskId> {
  const shards = economyShards(agent).map((shard) =>
    queried(at, {
      IndexName: 'attention',
      KeyConditionExpression: 'attentionShard = :shard',
      ExpressionAttributeValues: { ':shard': { S: shard } },
    }),
  );
  const deadlineOf = (item: Item): number => Number(item['attentionAt']?.N);
  for await (const { pk } of merge(shards, (a, b) => deadlineOf(a) - deadlineOf(b))) {
    yield taskIdSchema.parse(idOfTaskKey(pk?.S ?? ''));
  }
}

async function* deadLetters(at: Table, agent: string): AsyncGenerator<TaskId> {
  const items = queried(at, {
    IndexName: 'attention',
    KeyConditionExpression: 'attentionShard = :shard',
    ExpressionAttributeValues: { ':shard': { S: deadLetterShard(agent) } },
    ScanIndexForward: false,
  });
  for await (const { pk } of items) yield taskIdSchema.parse(idOfTaskKey(pk?.S ?? ''));
}

function finishedInRun(at: Table, runId: string, since: number): AsyncIterable<FinishedTask> {
  const shards = runKeys(runId).map((key) =>
    finishedIn(at, {
      IndexName: 'run',
      KeyConditionExpression: 'runKey = :run AND finishedAt > :since',
      ExpressionAttributeValues: { ':run': { S: key }, ':since': { N: String(since) } },
    }),
  );
  return merge(shards, (a, b) => a.finishedAt - b.finishedAt);
}

async function* finishedIn(at: Table, query: Query): AsyncGenerator<FinishedTask> {
  for await (const item of queried(at, query)) yield parseFinished(item);
}
