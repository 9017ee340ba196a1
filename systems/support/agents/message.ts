import { z } from 'zod';

/** One message of a customer: the agent's input. The thread it belongs to is the task's session. */
export const messageSchema = z.strictObject({
  /** As the shop knows the customer: whoever sends the message has made sure of it. */
  customerId: z.string().min(1).max(64),
  text: z.string().trim().min(1).max(8_000),
});
export type Message = z.infer<typeof messageSchema>;
