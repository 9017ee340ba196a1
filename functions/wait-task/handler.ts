import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { isTerminal } from '#core/tasks/task.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { traced } from '#runtime/observability/traced.ts';
import { waitTaskEnv } from './env.ts';

const store = dynamodbTaskStore({ table: parseEnv(waitTaskEnv).STATE_TABLE });
const inputSchema = z.object({ taskId: taskIdSchema, seconds: z.number().min(0).max(25) });

/** Reads are 100 ms apart at first, for a task that is about to end, and up to a second later on. */
const FIRST_MS = 100;
const MAX_MS = 1_000;

/** Waits until a task has ended or the time is up. */
export const handler = traced('wait-task', async (event: unknown): Promise<void> => {
  const { taskId, seconds } = inputSchema.parse(event);
  const until = performance.now() + seconds * 1_000;
  for (let wait = FIRST_MS; ; wait = Math.min(MAX_MS, wait * 1.3)) {
    const task = await store.get(taskId);
    const left = until - performance.now();
    if (!task || isTerminal(task.state) || left <= 0) return;
    await delay(Math.min(wait, left));
  }
});
