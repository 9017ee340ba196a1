import { z } from 'zod';
import { stored } from '#core/stored/record.ts';

/** A message of the queue of deliveries: one notification to one recipient. It has no secret, address or text of others. */
export const deliveryMessageSchema = stored({
  type: z.literal('alert-delivery'),
  alert: z.string(),
  notification: z.string(),
  /** The recipient's name in the portfolio. */
  recipient: z.string(),
});
export type DeliveryMessage = z.infer<typeof deliveryMessageSchema>;

const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 900_000;

/** Attempts to deliver a notification, over about four hours. Then its message is a dead letter. */
export const DELIVERY_ATTEMPTS = 22;

/**
 * Milliseconds before attempt `attempt + 1`: 1 s, 3 s, 9 s … 15 minutes, each up to a quarter longer.
 * @param attempt attempts so far, from 1
 * @param random uniform in [0, 1)
 * @param askedMs what the receiver asked for (`retry-after`), honoured up to 15 minutes
 */
export function deliveryWaitMs(attempt: number, random: number, askedMs = 0): number {
  const planned = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 3 ** (attempt - 1));
  return Math.round(Math.max(planned, Math.min(askedMs, MAX_WAIT_MS)) * (1 + random / 4));
}
