import { z } from 'zod';

/** Environment of the function that accepts tasks. */
export const submitTaskEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Prefix of the names of the pools' queues. */
  QUEUE_PREFIX: z.string().min(1),
  /** Minutes that a session is kept after its last use, and its maximum tokens. */
  SESSION_MINUTES: z.coerce.number().int().positive(),
  SESSION_TOKENS: z.coerce.number().int().positive(),
  /** The bucket of large inputs. */
  INPUT_BUCKET: z.string().min(1),
  /** Whether callbacks may go to private addresses. For development only. */
  PRIVATE_CALLBACKS: z.stringbool(),
  /** The pipelines, as JSON. */
  WORKFLOWS: z.string().default('[]'),
});
export type SubmitTaskEnv = z.infer<typeof submitTaskEnv>;

/** The routes it serves. */
export const SUBMIT_TASK = ['POST /tasks', 'POST /tasks/batch', 'POST /runs', 'POST /uploads'] as const;
