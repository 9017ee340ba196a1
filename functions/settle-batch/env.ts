import { z } from 'zod';

/** What the function that settles a pool's batches is told; its state machine starts it until the batch is over. */
export const settleBatchEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Where answered tasks go: they belong to no session, so that none of another pool follows them. */
  DEFAULT_QUEUE_URL: z.url(),
  /** The agent whose batches it settles. */
  AGENT: z.string().min(1),
  /** Where callbacks of ended tasks go. */
  CALLBACK_QUEUE_URL: z.url().optional(),
  /** Name or ARN of the secret that holds the model's API key. */
  MODEL_SECRET: z.string().min(1),
  /** Where the model's API answers; its public API without. */
  ANTHROPIC_BASE_URL: z.url().optional(),
  /** JSON that replaces entries of the model catalogue; `{}` for none. */
  MODEL_OVERRIDES: z.string().default('{}'),
});
export type SettleBatchEnv = z.infer<typeof settleBatchEnv>;
