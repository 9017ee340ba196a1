import { z } from 'zod';

/** What the function behind `POST /support/messages` is told. */
export const receiveMessageEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** The pool's default queue: no message goes before others. */
  QUEUE_URL: z.url(),
  /** Name or ARN of the secret that signs messages. */
  WEBHOOK_SECRET: z.string().min(1),
  /** Whose tasks and escalations they become. */
  TENANT: z.string().min(1),
});
export type ReceiveMessageEnv = z.infer<typeof receiveMessageEnv>;
