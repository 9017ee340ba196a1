import { z } from 'zod';

/** What the authorizer of the task API is told. */
export const authorizeEnv = z.object({ STATE_TABLE: z.string().min(1) });
export type AuthorizeEnv = z.infer<typeof authorizeEnv>;
