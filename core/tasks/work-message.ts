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
  }),
]);
export type WorkMessage = z.infer<typeof workMessageSchema>;
export type ObjectMessage = Extract<WorkMessage, { type: 'object' }>;
