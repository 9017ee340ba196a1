import { z } from 'zod';

/** What the function that answers for one task is told. */
export const getTaskEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Name of the function that waits, whose concurrency is set apart. */
  WAIT_FUNCTION: z.string().min(1),
});
export type GetTaskEnv = z.infer<typeof getTaskEnv>;

/** What it serves. */
export const GET_TASK = ['GET /tasks/{id}'] as const;
