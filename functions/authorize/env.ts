import { z } from 'zod';

/** Environment of the task API's authorizer. */
export const authorizeEnv = z.object({ STATE_TABLE: z.string().min(1) });
export type AuthorizeEnv = z.infer<typeof authorizeEnv>;
