import { z } from 'zod';
import { taskIdSchema, type Task, type TerminalState } from '../tasks/task.ts';
import { callbackEvent, callbackEventSchema } from './event.ts';

/** What the callbacks' queue carries: whom to tell and what. No secret: the signature is made when it is delivered. */
export const callbackMessageSchema = z.object({
  type: z.literal('callback'),
  taskId: taskIdSchema,
  /** Whose secret signs it. */
  tenant: z.string().min(1),
  url: z.string().min(1),
  event: callbackEventSchema,
});
export type CallbackMessage = z.infer<typeof callbackMessageSchema>;

/** The message of an ended task; null for one that nobody asked to be told of. */
export function callbackOf(task: Task, state: TerminalState): CallbackMessage | null {
  if (task.callback === undefined) return null;
  const { id: taskId, tenant, callback } = task;
  return { type: 'callback', taskId, tenant, url: callback.url, event: callbackEvent(task, state) };
}
