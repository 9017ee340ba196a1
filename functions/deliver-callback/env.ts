import { z } from 'zod';

/** Deliveries of a callback until it is a dead letter: what the queue counts, and the schedule of the waits knows. */
export { CALLBACK_ATTEMPTS } from '#core/callbacks/schedule.ts';

/** What the function that delivers callbacks is told. */
export const deliverCallbackEnv = z.object({
  CALLBACK_QUEUE_URL: z.url(),
  /** Name or ARN of the secret that signs callbacks. */
  CALLBACK_SECRET: z.string().min(1),
  /** Whether private addresses may be called, and by plain HTTP: in development alone. */
  PRIVATE_CALLBACKS: z.enum(['true', 'false']).transform((text) => text === 'true'),
  /** Traces would otherwise show the receivers' URLs, which may be secrets by themselves. Read by Powertools. */
  POWERTOOLS_TRACER_CAPTURE_HTTPS_REQUESTS: z.literal('false'),
});
export type DeliverCallbackEnv = z.infer<typeof deliverCallbackEnv>;
