import { z } from 'zod';

/** Environment of the function that sends parked callbacks when they are due. It runs every minute. */
export const wakeCallbacksEnv = z.object({
  STATE_TABLE: z.string().min(1),
  CALLBACK_QUEUE_URL: z.url(),
});
export type WakeCallbacksEnv = z.infer<typeof wakeCallbacksEnv>;
