import { z } from 'zod';

/** What the function that accepts tasks is told. */
export const submitTaskEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Begins the names of the pools' queues. */
  QUEUE_PREFIX: z.string().min(1),
  /** Minutes that a conversation is kept after its last use, and the most tokens of it. */
  SESSION_MINUTES: z.coerce.number().int().positive(),
  SESSION_TOKENS: z.coerce.number().int().positive(),
  /** Where large inputs are uploaded to. */
  INPUT_BUCKET: z.string().min(1),
  /** Whether callbacks may lead to private addresses: in development alone. */
  PRIVATE_CALLBACKS: z.stringbool(),
});
export type SubmitTaskEnv = z.infer<typeof submitTaskEnv>;

/** What it serves. */
export const SUBMIT_TASK = ['POST /tasks', 'POST /tasks/batch', 'POST /runs', 'POST /uploads'] as const;
