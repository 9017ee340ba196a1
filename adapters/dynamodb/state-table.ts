import { crc32 } from 'node:zlib';
import type { DayCounter } from '#core/budgets/day-budget.ts';
import type { UsageKey } from '#core/ports/usage-store.ts';
import type { TaskId } from '#core/tasks/task.ts';

/**
 * The one table. Every item is found by its key and written on condition; the two indexes serve the sweeper and the
 * progress of runs, and are never asked for a decision, since they trail the table.
 *
 * | item | pk | sk | index attributes |
 * |---|---|---|---|
 * | task | `TASK#<id>` | `TASK` | attention: while something is left to do; run: once it ended; listing: always |
 * | step | `TASK#<id>` | `STEP#<index, 4 digits>#<epoch>` | |
 * | key | `KEY#<SHA-256 of it>` | `KEY` | listing |
 * | upload | `UPLOAD#<id>` | `UPLOAD` | |
 * | escalation | `ESCALATION#<task id>` | `ESCALATION` | listing: always, as waiting or as answered |
 * | session | `SESSION#<tenant>#<id>` | `SESSION` | |
 * | pool | `POOL#<agent>` | `POOL` | |
 * | batch | `BATCH#<id>` | `BATCH` | attention: until it is over |
 * | a tenant's limits | `TENANT#<tenant>` | `LIMITS` | |
 * | its tasks that are worked on | `TENANT#<tenant>` | `PLACES` | |
 * | a task that waits for a place | `TENANT#<tenant>` | `WAITING#<accepted at, 15 digits>#<task id>` | |
 * | what a day's calls hold of a budget | `SPEND#TENANT#<tenant>`, `SPEND#AGENT#<agent>` | `<day>` | |
 * | usage | `USAGE#<tenant>` | `<day>#<agent>` | |
 * | the pace of a model's calls | `GOVERNOR#<model>` | `GOVERNOR` | |
 */
export const STATE_TABLE = {
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  /** Epoch seconds. Only tidies up: DynamoDB deletes up to days late, and nothing relies on it. */
  timeToLiveAttribute: 'expiresAt',
  indexes: {
    /** Tasks by the time at which the sweeper should look at them. */
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
     * What people list, newest or oldest first: a tenant's tasks, runs, escalations. The projected attributes of a task
     * never change, so that its entry is written once, whatever becomes of it.
     */
    listing: {
      partitionKey: { name: 'listKey', type: 'S' },
      sortKey: { name: 'listSort', type: 'S' },
      projection: { type: 'INCLUDE', nonKeyAttributes: ['agent', 'sessionId', 'runId'] },
    },
  },
} as const;

/**
 * Index keys with few values (an agent, a run) carry a shard: one partition takes 1,000 write units a second, and an
 * index that lags behind throttles the table itself. Four shards carry about 400 tasks a second and agent, at five
 * writes a task, each of which moves its entry (a delete and a put). More shards cost the sweeper one query each.
 */
const SHARDS = 4;

const shards = Array.from({ length: SHARDS }, (_, shard) => shard);

const shardOf = (id: TaskId): number => crc32(id) % SHARDS;

export const taskKey = (id: TaskId) => ({ pk: `TASK#${id}`, sk: 'TASK' });

/** Four digits keep the steps in their order; a task makes at most a few dozen. */
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

/** One query by tenant answers a range of days. */
export const usageKey = ({ tenant, day, agent }: UsageKey) => ({ pk: `USAGE#${tenant}`, sk: `${day}#${agent}` });

export const governorKey = (model: string) => ({ pk: `GOVERNOR#${model}`, sk: 'GOVERNOR' });

/** The id in a task item's `pk`. */
export const idOfTaskKey = (pk: string): string => pk.slice('TASK#'.length);

export const attentionShard = (agent: string, id: TaskId): string => `A#${agent}#${shardOf(id)}`;
export const attentionShards = (agent: string): readonly string[] => shards.map((shard) => `A#${agent}#${shard}`);

/** Tasks that wait for the next batch lie apart, by their deadline. */
export const economyShard = (agent: string, id: TaskId): string => `E#${agent}#${shardOf(id)}`;
export const economyShards = (agent: string): readonly string[] => shards.map((shard) => `E#${agent}#${shard}`);

export const batchKey = (id: string) => ({ pk: `BATCH#${id}`, sk: 'BATCH' });
/** An agent's batches that are not over, by the time at which they were begun: a handful. */
export const openBatchShard = (agent: string): string => `BATCH#${agent}`;
export const idOfBatchKey = (pk: string): string => pk.slice('BATCH#'.length);

/** Dead letters are few: they lie together, by the time of their end. */
export const deadLetterShard = (agent: string): string => `DEAD#${agent}`;

export const runKey = (runId: string, id: TaskId): string => `RUN#${runId}#${shardOf(id)}`;
export const runKeys = (runId: string): readonly string[] => shards.map((shard) => `RUN#${runId}#${shard}`);

/**
 * The listing of a kind of thing within a tenant. Tasks come at hundreds a second, so that theirs is spread over shards;
 * what is rarer lies in one.
 */
export const taskListKey = (tenant: string, id: TaskId): string => `TASKS#${tenant}#${shardOf(id)}`;
export const taskListKeys = (tenant: string): readonly string[] => shards.map((shard) => `TASKS#${tenant}#${shard}`);

/** Sorts by time, then by id, so that a place in the listing is one place: milliseconds in 15 digits, `#`, the id. */
export const listSort = (at: number, id = ''): string => `${String(at).padStart(15, '0')}#${id}`;

export const escalationKey = (id: TaskId) => ({ pk: `ESCALATION#${id}`, sk: 'ESCALATION' });

/** The task's id in an escalation item's `pk`. */
export const idOfEscalationKey = (pk: string): string => pk.slice('ESCALATION#'.length);

export const escalationListKey = (tenant: string, status: 'waiting' | 'answered'): string =>
  `ESCALATIONS#${status}#${tenant}`;

export const apiKeyKey = (hash: string) => ({ pk: `KEY#${hash}`, sk: 'KEY' });
/** Keys belong to the fleet and are listed together: there are few. */
export const KEYS_LIST = 'KEYS';

/** A tenant's runs lie together, each under its id. */
export const runItemKey = (tenant: string, id: string) => ({ pk: `RUNS#${tenant}`, sk: id });
export const runListKey = (tenant: string): string => `RUNS#${tenant}`;
