import { z } from 'zod';

/** Attempts to deliver a callback before it becomes a dead letter. The queue and the retry schedule share it. */
export { CALLBACK_ATTEMPTS } from '#core/callbacks/schedule.ts';

/** Environment of the function that delivers callbacks. */
export const deliverCallbackEnv = z.object({
  CALLBACK_QUEUE_URL: z.url(),
  /** Keeps callbacks that wait for more than 15 minutes. */
  STATE_TABLE: z.string().min(1),
  /** Name or ARN of the secret that signs callbacks. */
  CALLBACK_SECRET: z.string().min(1),
  /** Whether it may call private addresses, and use plain HTTP. For development only. */
  PRIVATE_CALLBACKS: z.enum(['true', 'false']).transform((text) => text === 'true'),
  /** Read by Powertools. Otherwise traces would show the receivers' URLs, which may contain secrets. */
  POWERTOOLS_TRACER_CAPTURE_HTTPS_REQUESTS: z.literal('false'),
});
export type DeliverCallbackEnv = z.infer<typeof deliverCallbackEnv>;
