import { z } from 'zod';
import { sessionIdSchema } from '../../sessions/session.ts';
import { agentName, taskSubmissionSchema, acceptedSchema, taskViewSchema } from './messages.ts';
import { problemSchema } from '../http/problem.ts';

/** Most tasks of one batch, and of one run's submission. */
export const MAX_IN_BATCH = 500;

/** Items are looked at one by one, so that a bad one does not stop the others. */
export const batchSubmissionSchema = z.strictObject({
  tasks: z
    .array(z.unknown())
    .min(1)
    .max(MAX_IN_BATCH)
    .describe('Submissions as POST /tasks takes them, each with an `idempotencyKey` if you like.'),
});
export const batchItemSchema = taskSubmissionSchema.safeExtend({
  idempotencyKey: z.string().min(1).max(256).optional(),
});
export const batchAnswerSchema = z.object({
  items: z
    .array(
      z.union([
        z.object({ status: z.literal(202), task: acceptedSchema }),
        z.object({ status: z.number().int(), problem: problemSchema }),
      ]),
    )
    .describe('An answer an item, in their order.'),
});
export type BatchAnswer = z.infer<typeof batchAnswerSchema>;

export const page = {
  limit: z.coerce.number().int().min(1).max(100).default(50).describe('Items of a page.'),
  cursor: z.string().max(512).optional().describe('`next` of the page before.'),
};

export const taskListQuerySchema = z.strictObject({
  agent: agentName.optional(),
  status: taskViewSchema.shape.status.optional(),
  sessionId: sessionIdSchema.optional(),
  runId: z.string().min(1).max(128).optional(),
  from: z.iso.datetime({ offset: true }).optional().describe('Accepted at or after.'),
  to: z.iso.datetime({ offset: true }).optional().describe('Accepted before.'),
  ...page,
});
export type TaskListQuery = z.infer<typeof taskListQuerySchema>;

export const taskPageSchema = z.object({
  tasks: z.array(taskViewSchema.omit({ output: true })),
  next: z.string().optional().describe('Goes on after this page; absent on the last one.'),
});
export type TaskPage = z.infer<typeof taskPageSchema>;

export const waitQuerySchema = z.strictObject({
  wait: z.coerce.number().int().min(0).max(25).default(0).describe('Seconds to wait for the end, at most.'),
});
