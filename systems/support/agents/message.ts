import { z } from 'zod';

/** One customer message: the agent's input. Its thread is the task's session. */
export const messageSchema = z.strictObject({
  /** The customer's id in the shop. The sender of the message has verified it. */
  customerId: z.string().min(1).max(64),
  text: z.string().trim().min(1).max(8_000),
});
export type Message = z.infer<typeof messageSchema>;
