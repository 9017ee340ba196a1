import { z } from 'zod';

/** Environment of the function that waits for a task's end. */
export const waitTaskEnv = z.object({ STATE_TABLE: z.string().min(1) });
export type WaitTaskEnv = z.infer<typeof waitTaskEnv>;
