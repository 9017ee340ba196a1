import { z } from 'zod';

/** The variables of an analyst itself. */
export const analystEnv = z.object({
  /** Which analyst it is, as rules call it. */
  ANALYST: z.string().min(1),
  MARKET_TABLE: z.string().min(1),
  /** The queue of the alerts' notifications: what it finds follows the alert. */
  DELIVERY_QUEUE_URL: z.url(),
});
export type AnalystEnv = z.infer<typeof analystEnv>;
