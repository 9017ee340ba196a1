import { crc32 } from 'node:zlib';
import type { DayCounter } from '#core/budgets/day-budget.ts';
import type { UsageKey } from '#core/ports/usage-store.ts';
import { regionInFront, type TaskId } from '#core/tasks/task-id.ts';

/**
 * The state table. Every item is read by its key and written conditionally. What a later release may change is in
 * docs/adr/0023-stored-records.md. The indexes serve the sweeper, progress and
 * lists. They are eventually consistent, so no decision depends on them.
 *
 * | item | pk | sk | index attributes |
 * |---|---|---|---|
 * | task | `TASK#<id>` | `TASK` | attention: while work remains; run: after its end; listing: always |
 * | step | `TASK#<id>` | `STEP#<index, 4 digits>#<epoch>` | |
 * | key | `KEY#<SHA-256 of it>` | `KEY` | listing |
 * | upload | `UPLOAD#<id>` | `UPLOAD` | |
 * | callback that waits | `CALLBACK#<task id>` | `CALLBACK#<tenant>` | attention: when it is due |
 * | escalation | `ESCALATION#<task id>` | `ESCALATION` | listing: always, as waiting or as answered |
 * | session | `SESSION#<tenant>#<id>` | `SESSION` | |
 * | pool | `POOL#<agent>` | `POOL` | |
 * | bulk action | `BULK#<tenant>` | `<id>` | listing: always |
 * | page of a bulk action | `BULK-PAGES#<list>` | `PAGE#<index, 6 digits>` | |
 * | batch | `BATCH#<id>` | `BATCH` | attention: until it is over |
 * | limits of a tenant | `TENANT#<tenant>` | `LIMITS` | |
 * | permits of a tenant in use | `TENANT#<tenant>` | `PLACES` | |
 * | task that waits for a permit | `TENANT#<tenant>` | `WAITING#<accepted at, 15 digits>#<task id>` | |
 * | day counter of a budget | `SPEND#TENANT#<tenant>`, `SPEND#AGENT#<agent>` | `<day>` | |
 * | usage | `USAGE#<tenant>` | `<day>#<agent>` | |
 * | pace of a model's calls | `GOVERNOR#<model>` | `GOVERNOR` | |
 * | pace of requests to a site | `SITE#<registrable domain>` | `SITE` | |
 */
export const STATE_TABLE = {
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  /** Epoch seconds. Used for cleanup only: DynamoDB can delete days late, so nothing depends on it. */
  timeToLiveAttribute: 'expiresAt',
  indexes: {
    /** Tasks by the time at which the sweeper should check them. */
    attention: {
      partitionKey: { name: 'attentionShard', type: 'S' },
      sortKey: { name: 'attentionAt', type: 'N' },
      projection: { type: 'KEYS_ONLY' },
    },
    /** Ended tasks of a run by the time of their end. */
    run: {
      partitionKey: { name: 'runKey', type: 'S' },
      sortKey: { name: 'finishedAt', type: 'N' },
      projection: { type: 'INCLUDE', nonKeyAttributes: ['status', 'usd', 'tokens'] },
    },
    /**
     * Lists for people, newest or oldest first: a tenant's tasks, runs and escalations. The projected attributes of a
     * task change only when another run takes it over, so its entry is written once.
     */
    listing: {
      partitionKey: { name: 'listKey', type: 'S' },
      sortKey: { name: 'listSort', type: 'S' },
      projection: { type: 'INCLUDE', nonKeyAttributes: ['agent', 'sessionId', 'runId'] },
    },
  },
} as const;

/**
 * Index keys with few values (an agent, a run) have a shard suffix: one partition supports 1,000 write units per second,
 * and an index that lags behind throttles the table itself. Four shards support about 400 tasks per second and agent, at
 * five writes per task, each of which moves its entry (a delete and a put). Each further shard costs the sweeper a query.
 */
const SHARDS = 4;

const shards = Array.from({ length: SHARDS }, (_, shard) => shard);

const shardOf = (id: TaskId): number => crc32(id) % SHARDS;

export const taskKey = (id: TaskId) => ({ pk: `TASK#${id}`, sk: 'TASK' });

/** Four digits keep the steps in order. A task has at most a few dozen. */
export const stepKey = (id: TaskId, index: number, epoch: number) => ({
  pk: taskKey(id).pk,
  sk: `${STEP_PREFIX}${String(index).padStart(4, '0')}#${epoch}`,
});
export const STEP_PREFIX = 'STEP#';

export const uploadKey = (id: string) => ({ pk: `UPLOAD#${id}`, sk: 'UPLOAD' });

export const sessionKey = (tenant: string, id: string) => ({
  pk: `SESSION#${encodeURIComponent(tenant)}#${id}`,
  sk: 'SESSION',
});

export const poolKey = (agent: string) => ({ pk: `POOL#${agent}`, sk: 'POOL' });

export const limitsKey = (tenant: string) => ({ pk: `TENANT#${tenant}`, sk: 'LIMITS' });

export const permitsKey = (tenant: string) => ({ pk: limitsKey(tenant).pk, sk: 'PLACES' });
export const LINE_PREFIX = 'WAITING#';
export const lineKey = (tenant: string, createdAt: number, id: TaskId) => ({
  pk: limitsKey(tenant).pk,
  sk: `${LINE_PREFIX}${listSort(createdAt, id)}`,
});

export const daySpendKey = ({ of, name, day }: DayCounter) => ({ pk: `SPEND#${of.toUpperCase()}#${name}`, sk: day });

/** One query per tenant reads a range of days. */
export const usageKey = ({ tenant, day, agent }: UsageKey) => ({ pk: `USAGE#${tenant}`, sk: `${day}#${agent}` });

export const governorKey = (model: string) => ({ pk: `GOVERNOR#${model}`, sk: 'GOVERNOR' });

export const hostPaceKey = (host: string) => ({ pk: `SITE#${host}`, sk: 'SITE' });

/** The id in a task item's `pk`. */
export const idOfTaskKey = (pk: string): string => pk.slice('TASK#'.length);

/** The region in front of an id, as keys of indexes carry it, so that a sweep finds the tasks of one home. */
const ofHome = (name: string): string => (name === '' ? '' : `${name}#`);
const homeNameOf = (id: TaskId): string => ofHome(nameInFront(id));

/** The name of the home that an id has in front. Empty for the fleet's first region. */
export const nameInFront = (id: string): string => regionInFront(id).slice(0, -1);

export const attentionShard = (agent: string, id: TaskId): string => `A#${agent}#${homeNameOf(id)}${shardOf(id)}`;
/** @param home the region's name in ids; none for the fleet's first region @default none */
export const attentionShards = (agent: string, home = ''): readonly string[] =>
  shards.map((shard) => `A#${agent}#${ofHome(home)}${shard}`);

/** Tasks that wait for the next batch have their own key, sorted by deadline. */
export const economyShard = (agent: string, id: TaskId): string => `E#${agent}#${homeNameOf(id)}${shardOf(id)}`;
export const economyShards = (agent: string, home = ''): readonly string[] =>
  shards.map((shard) => `E#${agent}#${ofHome(home)}${shard}`);

/** The index has keys alone. The tenant is in the key, so that its callbacks are served in turn with others'. */
export const callbackKey = (id: TaskId, tenant: string) => ({ pk: `CALLBACK#${id}`, sk: `CALLBACK#${tenant}` });
export const parseCallbackKey = (pk: string, sk: string) => ({
  id: pk.slice('CALLBACK#'.length),
  tenant: sk.slice('CALLBACK#'.length),
});
/** Callbacks of all agents that wait, by the time at which they are due. */
export const callbackShard = (id: TaskId): string => `CALLBACKS#${homeNameOf(id)}${shardOf(id)}`;
export const callbackShards = (home = ''): readonly string[] =>
  shards.map((shard) => `CALLBACKS#${ofHome(home)}${shard}`);

export const batchKey = (id: string) => ({ pk: `BATCH#${id}`, sk: 'BATCH' });
/**
 * An agent's unfinished batches of one home, sorted by start time. There are only a few.
 * @param home the region's name in ids; none for the fleet's first region @default none
 */
export const openBatchShard = (agent: string, home = ''): string => `BATCH#${agent}${home === '' ? '' : `#${home}`}`;
export const idOfBatchKey = (pk: string): string => pk.slice('BATCH#'.length);

/** Dead letters are few, so they share one key, sorted by end time. */
export const deadLetterShard = (agent: string): string => `DEAD#${agent}`;

export const runKey = (runId: string, id: TaskId): string => `RUN#${runId}#${shardOf(id)}`;
export const runKeys = (runId: string): readonly string[] => shards.map((shard) => `RUN#${runId}#${shard}`);

/**
 * The listing key of one kind of item within a tenant. Tasks arrive at hundreds per second, so their listing is sharded.
 * Rarer items share one shard.
 */
export const taskListKey = (tenant: string, id: TaskId): string => `TASKS#${tenant}#${shardOf(id)}`;
export const taskListKeys = (tenant: string): readonly string[] => shards.map((shard) => `TASKS#${tenant}#${shard}`);

/** Sorts by time, then by id, so that every position is unique: milliseconds in 15 digits, `#`, the id. */
export const listSort = (at: number, id = ''): string => `${String(at).padStart(15, '0')}#${id}`;

/** The time in such a position. */
export const timeOfListSort = (position: string): number => Number(position.slice(0, position.indexOf('#')));

export const escalationKey = (id: TaskId) => ({ pk: `ESCALATION#${id}`, sk: 'ESCALATION' });

/** The task's id in an escalation item's `pk`. */
export const idOfEscalationKey = (pk: string): string => pk.slice('ESCALATION#'.length);

export const escalationListKey = (tenant: string, status: 'waiting' | 'answered'): string =>
  `ESCALATIONS#${status}#${tenant}`;

export const apiKeyKey = (hash: string) => ({ pk: `KEY#${hash}`, sk: 'KEY' });
/** Keys belong to the whole fleet and share one listing, because there are few. */
export const KEYS_LIST = 'KEYS';

/** A tenant's runs share a partition, sorted by id. */
export const runItemKey = (tenant: string, id: string) => ({ pk: `RUNS#${tenant}`, sk: id });
export const runListKey = (tenant: string): string => `RUNS#${tenant}`;

/** A tenant's bulk actions share a partition, sorted by id. */
export const bulkKey = (tenant: string, id: string) => ({ pk: `BULK#${tenant}`, sk: id });
export const bulkListKey = (tenant: string): string => `BULK#${tenant}`;
export const bulkPageKey = (list: string, index: number) => ({
  pk: `BULK-PAGES#${list}`,
  sk: `PAGE#${String(index).padStart(6, '0')}`,
});
