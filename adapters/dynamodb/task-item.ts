import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { FinishedTask } from '#core/ports/task-store.ts';
import { costOf } from '#core/tasks/cost.ts';
import { stepSchema, type Step } from '#core/tasks/step.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { attentionAt, isDeadLetter, isTerminal, taskSchema, waitsForBatch, type Task } from '#core/tasks/task.ts';
import {
  attentionShard,
  deadLetterShard,
  economyShard,
  idOfTaskKey,
  listSort,
  runKey,
  stepKey,
  taskKey,
  taskListKey,
} from './state-table.ts';
import type { Item } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { parseBody, parseItem } from './record.ts';

const text = (value: string): AttributeValue => ({ S: value });
const number = (value: number): AttributeValue => ({ N: String(value) });

const DAY_S = 86_400;

/** Converts a task to its item: the whole task in `body`, plus the attributes for conditions, indexes and people. */
export function taskItem(task: Task, retentionDays: number): Item {
  const key = taskKey(task.id);
  return {
    pk: text(key.pk),
    sk: text(key.sk),
    version: number(task.version),
    status: text(task.state.status),
    body: toBody(task, `Task ${task.id}`),
    ...listingAttributes(task),
    ...attentionAttributes(task),
    ...endAttributes(task, retentionDays),
  };
}

function listingAttributes({ id, tenant, createdAt, agent, sessionId, runId }: Task): Item {
  return {
    listKey: text(taskListKey(tenant, id)),
    listSort: text(listSort(createdAt, id)),
    agent: text(agent),
    ...(sessionId === undefined ? {} : { sessionId: text(sessionId) }),
    ...(runId === undefined ? {} : { runId: text(runId) }),
  };
}

function attentionAttributes(task: Task): Item {
  const at = attentionAt(task);
  const shard = waitsForBatch(task) ? economyShard : attentionShard;
  if (at !== null) return { attentionShard: text(shard(task.agent, task.id)), attentionAt: number(at) };
  // Only a person can act on it now.
  if (!isDeadLetter(task) || !isTerminal(task.state)) return {};
  return { attentionShard: text(deadLetterShard(task.agent)), attentionAt: number(task.state.finishedAt) };
}

/** A task that has not ended never expires. */
function endAttributes(task: Task, retentionDays: number): Item {
  if (!isTerminal(task.state)) return {};
  const { finishedAt } = task.state;
  const expiry = { expiresAt: number(Math.ceil(finishedAt / 1_000) + retentionDays * DAY_S) };
  if (task.runId === undefined) return expiry;
  const { usd, tokens } = costOf(task);
  return {
    ...expiry,
    runKey: text(runKey(task.runId, task.id)),
    finishedAt: number(finishedAt),
    usd: number(usd),
    tokens: number(tokens),
  };
}

export const parseTask = (item: Item): Task => parseBody(taskSchema, item);

/** Converts a step to its item. It outlives its task, because steps are read only through their task. */
export function stepItem(step: Step, retentionDays: number): Item {
  const key = stepKey(step.taskId, step.index, step.epoch);
  return {
    pk: text(key.pk),
    sk: text(key.sk),
    body: toBody(step, `Step ${step.index} of task ${step.taskId}`),
    expiresAt: number(Math.ceil(step.endedAt / 1_000) + 2 * retentionDays * DAY_S),
  };
}

export const parseStep = (item: Item): Step => parseBody(stepSchema, item);

const finishedItemSchema = z
  .object({
    pk: z.object({ S: z.string() }),
    status: z.object({ S: z.enum(['succeeded', 'failed', 'cancelled', 'escalated']) }),
    finishedAt: z.object({ N: z.coerce.number() }),
    usd: z.object({ N: z.coerce.number() }),
    tokens: z.object({ N: z.coerce.number() }),
  })
  .transform(({ pk, status, finishedAt, usd, tokens }): FinishedTask => ({
    id: taskIdSchema.parse(idOfTaskKey(pk.S)),
    status: status.S,
    finishedAt: finishedAt.N,
    usd: usd.N,
    tokens: tokens.N,
  }));

/** An entry of the run index. */
export const parseFinished = (item: Item): FinishedTask => parseItem(finishedItemSchema, item);
