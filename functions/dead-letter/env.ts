import { z } from 'zod';

/** Environment of the function behind a pool's dead-letter queue. */
export const deadLetterEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Prefix of the names of all pools' queues: a task's end may wake another task. */
  QUEUE_PREFIX: z.string().min(1),
  /** The queue of callbacks. */
  CALLBACK_QUEUE_URL: z.url().optional(),
});
export type DeadLetterEnv = z.infer<typeof deadLetterEnv>;
