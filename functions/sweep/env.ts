import { z } from 'zod';

/** Environment of a pool's sweeper. It runs every minute. */
export const sweepEnv = z.object({
  STATE_TABLE: z.string().min(1),
  HIGH_QUEUE_URL: z.url(),
  DEFAULT_QUEUE_URL: z.url(),
  /** Prefix of the names of all pools' queues: a task's end may wake a task of another agent. */
  QUEUE_PREFIX: z.string().min(1),
  /** The queue of callbacks. */
  CALLBACK_QUEUE_URL: z.url().optional(),
  /** The agent whose tasks it sweeps. */
  AGENT: z.string().min(1),
  /** US dollars that the agent may spend in a UTC day, if it has such a budget. */
  DAY_USD: z.coerce.number().positive().optional(),
});
export type SweepEnv = z.infer<typeof sweepEnv>;
