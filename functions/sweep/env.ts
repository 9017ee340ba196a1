import { z } from 'zod';

/** What the sweeper of a pool is told; it runs every minute. */
export const sweepEnv = z.object({
  STATE_TABLE: z.string().min(1),
  HIGH_QUEUE_URL: z.url(),
  DEFAULT_QUEUE_URL: z.url(),
  /** Begins the names of all pools' queues: a task's end may let one of another agent follow. */
  QUEUE_PREFIX: z.string().min(1),
  /** Where callbacks of ended tasks go. */
  CALLBACK_QUEUE_URL: z.url().optional(),
  /** The agent whose tasks it looks after. */
  AGENT: z.string().min(1),
});
export type SweepEnv = z.infer<typeof sweepEnv>;
