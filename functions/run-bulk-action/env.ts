import { z } from 'zod';

/** Environment of the function that carries out bulk actions. */
export const runBulkActionEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Prefix of the names of the pools' queues. */
  QUEUE_PREFIX: z.string().min(1),
  /** The queue whose messages it handles. */
  BULK_QUEUE_URL: z.url(),
  /** Minutes that a session is kept after its last use, and its maximum tokens. */
  SESSION_MINUTES: z.coerce.number().int().positive(),
  SESSION_TOKENS: z.coerce.number().int().positive(),
});
export type RunBulkActionEnv = z.infer<typeof runBulkActionEnv>;
