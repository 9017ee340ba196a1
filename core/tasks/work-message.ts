import { z } from 'zod';
import { taskIdSchema } from './task.ts';

/** What a pool's queue carries: a task to work on, or an uploaded object that is to become one. */
export const workMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('task'), taskId: taskIdSchema }),
  z.object({
    type: z.literal('object'),
    /** The tenant that owns the task. Messages of version 0.1 have none and belong to the default tenant. */
    tenant: z.string().min(1).default('default'),
    runId: z.string().min(1),
    request: z.object({ id: z.string().min(1), retry: z.number().int().nonnegative() }),
    object: z.object({
      bucket: z.string().min(1),
      key: z.string().min(1),
      etag: z.string(),
      size: z.number().int().nonnegative(),
    }),
    taskToken: z.string().min(1),
    /** Most US dollars this task may spend, when the upload's manifest set a limit below the agent's. */
    maxUsd: z.number().positive().nullish(),
    /** When the queue received it, in milliseconds. The worker adds it from the queue's own record. */
    sentAt: z.number().optional(),
  }),
]);
/** The task token of a message that this release cannot read otherwise: a token is always answered (I9). */
const tokenSchema = z.object({
  taskToken: z.string().min(1),
  object: z
    .object({ key: z.string().min(1) })
    .optional()
    .catch(undefined),
});

/** Reads only the token of a message, and the object's key if it has one. Null when there is none. */
export function tokenIn(message: unknown): { readonly token: string; readonly key: string } | null {
  const parsed = tokenSchema.safeParse(message);
  return parsed.success ? { token: parsed.data.taskToken, key: parsed.data.object?.key ?? 'unknown' } : null;
}

export type WorkMessage = z.infer<typeof workMessageSchema>;
export type ObjectMessage = Extract<WorkMessage, { type: 'object' }>;
