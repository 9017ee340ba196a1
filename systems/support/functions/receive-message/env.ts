import { z } from 'zod';

/** Environment variables of the function behind `POST /support/messages`. */
export const receiveMessageEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** The pool's default queue: all messages have the same priority. */
  QUEUE_URL: z.url(),
  /** Name or ARN of the secret that signs messages. */
  WEBHOOK_SECRET: z.string().min(1),
  /** The tenant that owns the messages' tasks and escalations. */
  TENANT: z.string().min(1),
});
export type ReceiveMessageEnv = z.infer<typeof receiveMessageEnv>;
