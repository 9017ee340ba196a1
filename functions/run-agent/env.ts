import { z } from 'zod';

/** Environment of a pool's worker function. */
export const runAgentEnv = z.object({
  STATE_TABLE: z.string().min(1),
  HIGH_QUEUE_URL: z.url(),
  DEFAULT_QUEUE_URL: z.url(),
  /** Prefix of the names of all pools' queues: a task's end may wake a task of another agent. */
  QUEUE_PREFIX: z.string().min(1),
  /** The bucket of inputs, for agents whose inputs are objects. */
  ARTIFACT_BUCKET: z.string().min(1).optional(),
  /** The bucket of large inputs. */
  INPUT_BUCKET: z.string().min(1),
  /** The bucket of the audit trail. */
  AUDIT_BUCKET: z.string().min(1),
  /** The queue of callbacks. */
  CALLBACK_QUEUE_URL: z.url().optional(),
  /** Name or ARN of the secret with the model's API key. */
  MODEL_SECRET: z.string().min(1),
  /** The model API's URL, read by Anthropic's SDK. @default the public API */
  ANTHROPIC_BASE_URL: z.url().optional(),
  /** Minutes that a session is kept after its last use, and its maximum tokens. */
  SESSION_MINUTES: z.coerce.number().int().positive(),
  SESSION_TOKENS: z.coerce.number().int().positive(),
  /** JSON that replaces entries of the model catalogue. `{}` replaces none. */
  MODEL_OVERRIDES: z.string().default('{}'),
  /** Name of the function that runs untrusted code, for agents with untrusted tools. */
  SANDBOX_FUNCTION: z.string().min(1).optional(),
});
export type RunAgentEnv = z.infer<typeof runAgentEnv>;
