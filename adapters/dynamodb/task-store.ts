import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { TASK_KEPT_DAYS } from '#core/regions/forgotten.ts';
import type { FinishedTask, TaskStore } from '#core/ports/task-store.ts';
import type { Step } from '#core/tasks/step.ts';
import { taskIdSchema, type TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import { byAttention } from './attention.ts';
import { dynamodb } from './client.ts';
import { ABSENT, conditionalPut, readItem, writeVersion, type Item, type Table } from './conditional-put.ts';
import { firstOfEach } from './first-of-each.ts';
import { listTasks } from './list-tasks.ts';
import { merge } from './merge.ts';
import { homedTaskStore, homesToList } from './regions/homed-task-store.ts';
import { regionPartsHere, type RegionParts, type SharedRegionParts } from './regions/region-parts.ts';
import { batchRead } from './read-items.ts';
import { readingTogether } from './read-together.ts';
import { queried, type Query } from './queried.ts';
import { parseIfReadable } from './record.ts';
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
  /** Agents whose tasks `overdue` returns. @default none */
  readonly agents?: readonly string[];
  /**
   * Days that an ended task is kept; its steps are kept twice as long. Must exceed the longest deadline. Afterwards the
   * same idempotency key creates a new task. @default 30
   */
  readonly retentionDays?: number;
  /**
   * Whether tasks that are read at the same time share a request, for functions that work on several at once. They need the
   * permission `dynamodb:BatchGetItem`. In a fleet of several regions it changes nothing. @default false
   */
  readonly readsTogether?: boolean;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
  /** The regions of a global fleet. @default those of the process, unless it is given a client */
  readonly parts?: SharedRegionParts | null;
}

/**
 * Stores tasks in the state table.
 * 1. Each write is one conditional put of one item. Nothing depends on transactions, streams or TTL, so the table can use
 *    multi-region strong consistency.
 * 2. `replace` succeeds only on the version that its decision was based on; `create` and `putStep` only if no item
 *    exists. So one of several writers wins, and a late one changes nothing (I2, I3).
 * 3. Reads by key are strongly consistent. The indexes are eventually consistent; only the sweeper, progress and lists use them.
 */
export function dynamodbTaskStore(options: DynamodbTaskStoreOptions): TaskStore {
  const { retentionDays = TASK_KEPT_DAYS } = options;
  const { parts = options.client ? null : regionPartsHere() } = options;
  const client = options.client ?? parts?.client ?? dynamodb();
  if (!parts) return storeOf({ ...options, retentionDays, client }, async () => ['']);
  return homedTaskStore({ ...parts, retentionDays, base: baseOf(parts, { ...options, retentionDays, client }) });
}

/** The store below the homed one: tasks of no home, which its canaries are, are written to this region's own table. */
function baseOf(parts: RegionParts, options: StoreOptions): TaskStore {
  const homes = (agent: string) => homesToList(parts, agent);
  const own = storeOf({ ...options, client: parts.clients(parts.regions.index) }, homes);
  return {
    ...storeOf(options, homes),
    get: (id) => own.get(id),
    create: (task) => own.create(task),
    replace: (next) => own.replace(next),
  };
}

type StoreOptions = DynamodbTaskStoreOptions & Required<Pick<DynamodbTaskStoreOptions, 'retentionDays' | 'client'>>;

/** @param homesOf the names of the homes whose tasks of an agent are listed */
function storeOf(options: StoreOptions, homesOf: (agent: string) => Promise<readonly string[]>): TaskStore {
  const { table, agents = [], retentionDays, client, readsTogether = false } = options;
  const at: Table = { client, table };
  const read = readsTogether ? readingTogether(at) : (key: Item) => readItem(at, key);
  const shardsOf = async (agent: string): Promise<readonly string[]> =>
    (await homesOf(agent)).flatMap((home) => [...attentionShards(agent, home), ...economyShards(agent, home)]);
  const get = async (id: TaskId): Promise<Task | null> => {
    const item = await read(keyOf(id));
    return item && parseTask(item);
  };
  return {
    get,
    getMany: (ids, onUnreadable) => getMany(at, ids, onUnreadable),
    async create(task) {
      const item = taskItem(task, retentionDays);
      for (;;) {
        if ((await conditionalPut(at, item, ABSENT)) === 'written') return { created: true, task };
        const existing = await get(task.id);
        // The item can only disappear between the two calls by expiring. Then the id is free.
        if (existing) return { created: false, task: existing };
      }
    },
    async replace(next) {
      const outcome = await writeVersion(at, taskItem(next, retentionDays), next.version);
      return outcome === 'written' ? 'replaced' : 'conflict';
    },
    async putStep(step) {
      // A failed condition means that the step exists. A step never changes.
      await conditionalPut(at, stepItem(step, retentionDays), ABSENT);
    },
    steps: (id, unreadable) => stepsOf(at, id, unreadable),
    async *overdue(now) {
      yield* idsByAttention(at, (await Promise.all(agents.map(shardsOf))).flat(), now);
    },
    async *unfinished(agent) {
      yield* idsByAttention(at, await shardsOf(agent));
    },
    async *waitingForBatch(agent) {
      const homes = await homesOf(agent);
      yield* idsByAttention(
        at,
        homes.flatMap((home) => economyShards(agent, home)),
      );
    },
    finishedInRun: (runId, since) => finishedInRun(at, runId, since),
    deadLetters: (agent, before) => deadLetters(at, agent, before),
    list: (listing) => listTasks(at, listing),
  };
}

function keyOf(id: TaskId): Item {
  const { pk, sk } = taskKey(id);
  return { pk: { S: pk }, sk: { S: sk } };
}

const idOf = ({ pk }: Item): TaskId => taskIdSchema.parse(idOfTaskKey(pk?.S ?? ''));

async function getMany(
  at: Table,
  ids: readonly TaskId[],
  onUnreadable?: (id: TaskId) => void,
): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  for await (const item of batchRead(at, ids.map(keyOf))) {
    const task = parseIfReadable(parseTask, item);
    if (task) tasks.push(task);
    else onUnreadable?.(idOf(item));
  }
  return tasks;
}

async function stepsOf(at: Table, id: TaskId, unreadable?: 'skip'): Promise<readonly Step[]> {
  const query = {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': { S: taskKey(id).pk }, ':prefix': { S: STEP_PREFIX } },
    ConsistentRead: true,
  };
  const steps: Step[] = [];
  for await (const item of queried(at, query)) {
    const step = unreadable === 'skip' ? parseIfReadable(parseStep, item) : parseStep(item);
    if (step) steps.push(step);
  }
  return steps.sort((a, b) => a.index - b.index || a.epoch - b.epoch);
}

async function* idsByAttention(at: Table, shards: readonly string[], until?: number): AsyncGenerator<TaskId> {
  for await (const item of byAttention(at, shards, until)) yield idOf(item);
}

async function* deadLetters(at: Table, agent: string, before?: number): AsyncGenerator<TaskId> {
  const items = queried(at, {
    IndexName: 'attention',
    KeyConditionExpression: `attentionShard = :shard${before === undefined ? '' : ' AND attentionAt < :before'}`,
    ExpressionAttributeValues: {
      ':shard': { S: deadLetterShard(agent) },
      ...(before === undefined ? {} : { ':before': { N: String(before) } }),
    },
    ScanIndexForward: false,
  });
  for await (const item of firstOfEach(items, idOf)) yield idOf(item);
}

function finishedInRun(at: Table, runId: string, since: number): AsyncIterable<FinishedTask> {
  const shards = runKeys(runId).map((key) =>
    finishedIn(at, {
      IndexName: 'run',
      KeyConditionExpression: 'runKey = :run AND finishedAt > :since',
      ExpressionAttributeValues: { ':run': { S: key }, ':since': { N: String(since) } },
    }),
  );
  return firstOfEach(
    merge(shards, (a, b) => a.finishedAt - b.finishedAt),
    ({ id }) => id,
  );
}

async function* finishedIn(at: Table, query: Query): AsyncGenerator<FinishedTask> {
  for await (const item of queried(at, query)) {
    const finished = parseIfReadable(parseFinished, item);
    if (finished) yield finished;
  }
}
