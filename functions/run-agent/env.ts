import { z } from 'zod';

export { bedrockId, modelProviderSchema, PROVIDERS, type ModelProvider } from '#core/models/provider.ts';
export { tierModels } from '#core/models/catalogue.ts';

/** How a function reaches the model. */
export const modelEnv = z.object({
  /** JSON of `modelProviderSchema`: who serves the model. @default Anthropic's API */
  MODEL_PROVIDER: z.string().min(1).optional(),
  /** Name or ARN of the secret with the model's API key, for Anthropic's API. */
  MODEL_SECRET: z.string().min(1).optional(),
  /** The model API's URL, read by the SDK of each provider. @default the public API */
  ANTHROPIC_BASE_URL: z.url().optional(),
  ANTHROPIC_BEDROCK_BASE_URL: z.url().optional(),
  ANTHROPIC_AWS_BASE_URL: z.url().optional(),
  /** JSON that replaces entries of the model catalogue. `{}` replaces none. */
  MODEL_OVERRIDES: z.string().default('{}'),
});
export type ModelEnv = z.infer<typeof modelEnv>;

/** Environment of a pool's worker function. */
export const runAgentEnv = z.object({
  STATE_TABLE: z.string().min(1),
  HIGH_QUEUE_URL: z.url(),
  DEFAULT_QUEUE_URL: z.url(),
  /** Prefix of the names of all pools' queues: a task's end may wake a task of another agent. */
  QUEUE_PREFIX: z.string().min(1),
  /** The bucket of inputs, for agents whose inputs are objects. */
  ARTIFACT_BUCKET: z.string().min(1).optional(),
  /** The bucket of copies of what is in other regions' buckets of inputs. Only a fleet of several regions has it. */
  COPY_BUCKET: z.string().min(1).optional(),
  /** The bucket of large inputs. */
  INPUT_BUCKET: z.string().min(1),
  /** The bucket of the audit trail. */
  AUDIT_BUCKET: z.string().min(1),
  /** The queue of callbacks. */
  CALLBACK_QUEUE_URL: z.url().optional(),
  ...modelEnv.shape,
  /** Minutes that a session is kept after its last use, and its maximum tokens. */
  SESSION_MINUTES: z.coerce.number().int().positive(),
  SESSION_TOKENS: z.coerce.number().int().positive(),
  /** Name of the function that runs untrusted code, for agents with untrusted tools. */
  SANDBOX_FUNCTION: z.string().min(1).optional(),
});
export type RunAgentEnv = z.infer<typeof runAgentEnv>;
