import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { MAX_WAIT_SECONDS, MAX_WAITED_FOR } from '#core/api/tasks/messages.ts';
import { awaitEnds } from '#core/tasks/await-ends.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { traced } from '#runtime/observability/traced.ts';
import { waitTaskEnv } from './env.ts';

const store = dynamodbTaskStore({ table: parseEnv(waitTaskEnv).STATE_TABLE });
const time = { now: () => performance.now(), sleep: (ms: number) => delay(ms) };
const inputSchema = z.object({
  taskIds: z.array(taskIdSchema).max(MAX_WAITED_FOR).optional(),
  /** Of a release before, which still runs during a deploy. */
  taskId: taskIdSchema.optional(),
  seconds: z.number().min(0).max(MAX_WAIT_SECONDS),
});

/** Waits until tasks have ended or the time is up. */
export const handler = traced('wait-task', async (event: unknown): Promise<void> => {
  const { taskId, taskIds = taskId === undefined ? [] : [taskId], seconds } = inputSchema.parse(event);
  await awaitEnds(store, taskIds, seconds, time);
});
