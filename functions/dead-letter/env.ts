import { z } from 'zod';

/** What the function behind a pool's dead-letter queue is told. */
export const deadLetterEnv = z.object({ STATE_TABLE: z.string().min(1) });
export type DeadLetterEnv = z.infer<typeof deadLetterEnv>;
