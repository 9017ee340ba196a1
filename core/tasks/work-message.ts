import { z } from 'zod';
import { itemSchema } from '../runs/item.ts';
import { sessionPolicySchema } from '../sessions/session.ts';
import { taskIdSchema } from './task-id.ts';

/** What a pool's queue carries: a task to work on, or an uploaded object or an item of a pipeline that is to become one. */
export const workMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('task'),
    taskId: taskIdSchema,
    /** The policy of its session, if the task opened it. Messages of release 0.2 have none. */
    opensSession: sessionPolicySchema.optional().catch(undefined),
  }),
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
  z.object({
    type: z.literal('item'),
    tenant: z.string().min(1),
    runId: z.string().min(1),
    item: itemSchema,
    /** The task of the stage before, which has succeeded. Null in the first stage. */
    previous: taskIdSchema.nullish(),
    /** The pipeline. Pipelines that use the same agent share no results: their budgets and deadlines differ. */
    workflow: z.string().min(1),
    /** A pipeline's runs of a group share results. Null: those without a group do. */
    group: z.string().min(1).nullish(),
    /** When the stage ends, in milliseconds. The agent's own deadline may be earlier. */
    deadline: z.number(),
    /** Most US dollars this task may spend. */
    maxUsd: z.number().positive(),
    taskToken: z.string().min(1),
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
  item: z
    .object({ id: z.string().min(1) })
    .optional()
    .catch(undefined),
});

/** Reads only the token of a message, and the object's key or the item's id if it has one. Null when there is none. */
export function tokenIn(message: unknown): { readonly token: string; readonly key: string } | null {
  const parsed = tokenSchema.safeParse(message);
  if (!parsed.success) return null;
  const { taskToken, object, item } = parsed.data;
  return { token: taskToken, key: object?.key ?? item?.id ?? 'unknown' };
}

export type WorkMessage = z.infer<typeof workMessageSchema>;
export type ObjectMessage = Extract<WorkMessage, { type: 'object' }>;
export type ItemMessage = Extract<WorkMessage, { type: 'item' }>;
/** A message that a state machine waits for. */
export type AwaitedMessage = ObjectMessage | ItemMessage;

/** How a run calls the unit of work of a message. */
export const keyOf = (message: AwaitedMessage): string =>
  message.type === 'object' ? message.object.key : message.item.id;
