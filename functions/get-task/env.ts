import { z } from 'zod';

/** Environment of the function that reads single tasks. */
export const getTaskEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Name of the function that waits for tasks. It has reserved concurrency. */
  WAIT_FUNCTION: z.string().min(1),
});
export type GetTaskEnv = z.infer<typeof getTaskEnv>;

/** The routes it serves. */
export const GET_TASK = ['GET /tasks/{id}', 'POST /tasks/wait'] as const;
