import { z } from 'zod';

/** What the function behind a pool's dead-letter queue is told. */
export const deadLetterEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Begins the names of all pools' queues: a task's end may let another one follow. */
  QUEUE_PREFIX: z.string().min(1),
  /** Where callbacks of ended tasks go. */
  CALLBACK_QUEUE_URL: z.url().optional(),
});
export type DeadLetterEnv = z.infer<typeof deadLetterEnv>;
