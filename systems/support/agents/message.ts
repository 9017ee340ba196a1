import { z } from 'zod';
import { VISIBLE } from '#core/text/text.ts';

/** One customer message: the agent's input. Its thread is the task's session. */
export const messageSchema = z.strictObject({
  /** The customer's id in the shop. The sender of the message has verified it. */
  customerId: z.string().min(1).max(64),
  text: z.string().regex(VISIBLE, 'must not be blank').trim().max(8_000),
});
export type Message = z.infer<typeof messageSchema>;
