import { z } from 'zod';
import { nextCursor } from '../http/page.ts';
import { batchAnswerSchema, MAX_IN_BATCH, taskViewSchema } from '../tasks/messages.ts';

export const runIdParam = z.string().min(1).max(128).describe('The id of the run.');

export const runSubmissionSchema = z.strictObject({
  name: z.string().min(1).max(128).optional().describe('A name for people to recognise the run.'),
  tasks: z.array(z.unknown()).min(1).max(MAX_IN_BATCH).describe('Task submissions, each as in POST /tasks.'),
});
export type RunSubmission = z.infer<typeof runSubmissionSchema>;

export const runAcceptedSchema = z.object({
  id: z.string(),
  links: z.object({ self: z.string(), tasks: z.string(), cancel: z.string() }),
  items: batchAnswerSchema.shape.items,
});

const counts = z.record(taskViewSchema.shape.status, z.number().int());

export const runViewSchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  createdAt: z.iso.datetime(),
  size: z.number().int().describe('Number of submitted tasks, or of the documents of a workflow run.'),
  refused: z.number().int().describe('Number of submitted tasks that were rejected.'),
  status: z.enum(['running', 'ended']),
  cancelled: z.boolean().optional().describe('Whether the run was cancelled.'),
  tasks: counts.describe('Number of accepted tasks, by status.'),
  spent: z.object({ tokens: z.number(), usd: z.number() }),
  links: runAcceptedSchema.shape.links,
});
export type RunView = z.infer<typeof runViewSchema>;

export const runPageSchema = z.object({
  runs: z.array(runViewSchema.pick({ id: true, name: true, createdAt: true, size: true, links: true })),
  next: nextCursor,
});
