import { z } from 'zod';

/** Environment of the function that settles a pool's batches. Its state machine invokes it until the batch is settled. */
export const settleBatchEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** The queue of answered tasks. They have no session, so their end wakes no task of another pool. */
  DEFAULT_QUEUE_URL: z.url(),
  /** The agent whose batches it settles. */
  AGENT: z.string().min(1),
  /** The queue of callbacks. */
  CALLBACK_QUEUE_URL: z.url().optional(),
  /** Name or ARN of the secret with the model's API key. */
  MODEL_SECRET: z.string().min(1),
  /** The model API's URL. @default the public API */
  ANTHROPIC_BASE_URL: z.url().optional(),
  /** JSON that replaces entries of the model catalogue. `{}` replaces none. */
  MODEL_OVERRIDES: z.string().default('{}'),
});
export type SettleBatchEnv = z.infer<typeof settleBatchEnv>;
