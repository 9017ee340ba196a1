import { z } from 'zod';
import { modelEnv } from '../run-agent/env.ts';

/** Environment of the function that settles a pool's batches. Its state machine invokes it until the batch is settled. */
export const settleBatchEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** The queue of answered tasks. They have no session, so their end wakes no task of another pool. */
  DEFAULT_QUEUE_URL: z.url(),
  /** The agent whose batches it settles. */
  AGENT: z.string().min(1),
  /** The queue of callbacks. */
  CALLBACK_QUEUE_URL: z.url().optional(),
  ...modelEnv.shape,
});
export type SettleBatchEnv = z.infer<typeof settleBatchEnv>;
