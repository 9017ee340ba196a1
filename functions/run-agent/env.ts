import { z } from 'zod';

/** What a pool's worker function is told. */
export const runAgentEnv = z.object({
  STATE_TABLE: z.string().min(1),
  HIGH_QUEUE_URL: z.url(),
  DEFAULT_QUEUE_URL: z.url(),
  /** Begins the names of all pools' queues: a task's end may let one of another agent follow. */
  QUEUE_PREFIX: z.string().min(1),
  /** Where inputs are read from, for agents whose inputs are objects. */
  ARTIFACT_BUCKET: z.string().min(1).optional(),
  /** Where large inputs are uploaded to. */
  INPUT_BUCKET: z.string().min(1),
  /** Takes the audit trail of tool calls. */
  AUDIT_BUCKET: z.string().min(1),
  /** Where callbacks of ended tasks go. */
  CALLBACK_QUEUE_URL: z.url().optional(),
  /** Name or ARN of the secret that holds the model's API key. */
  MODEL_SECRET: z.string().min(1),
  /** Where the model's API answers, as Anthropic's SDK reads it by itself; its public API without. */
  ANTHROPIC_BASE_URL: z.url().optional(),
  /** Minutes that a conversation is kept after its last use, and the most tokens of it. */
  SESSION_MINUTES: z.coerce.number().int().positive(),
  SESSION_TOKENS: z.coerce.number().int().positive(),
  /** JSON that replaces entries of the model catalogue; `{}` for none. */
  MODEL_OVERRIDES: z.string().default('{}'),
  /** Name of the function that runs code nobody vouches for, for agents with untrusted tools. */
  SANDBOX_FUNCTION: z.string().min(1).optional(),
});
export type RunAgentEnv = z.infer<typeof runAgentEnv>;
