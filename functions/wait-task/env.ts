import { z } from 'zod';

/** What the function that waits for a task's end is told. */
export const waitTaskEnv = z.object({ STATE_TABLE: z.string().min(1) });
export type WaitTaskEnv = z.infer<typeof waitTaskEnv>;
