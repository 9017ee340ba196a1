import { z } from 'zod';
import { nextCursor } from '../http/page.ts';
import { batchAnswerSchema, MAX_IN_BATCH, taskViewSchema } from '../tasks/messages.ts';

export const runIdParam = z.string().min(1).max(128).describe('A run’s id.');

export const runSubmissionSchema = z.strictObject({
  name: z.string().min(1).max(128).optional().describe('A word for people.'),
  tasks: z.array(z.unknown()).min(1).max(MAX_IN_BATCH).describe('Submissions as POST /tasks takes them.'),
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
  size: z.number().int().describe('Tasks that were asked for.'),
  refused: z.number().int().describe('Of these, what was refused at the door.'),
  status: z.enum(['running', 'ended']),
  tasks: counts.describe('Tasks by their status.'),
  spent: z.object({ tokens: z.number(), usd: z.number() }),
  links: runAcceptedSchema.shape.links,
});
export type RunView = z.infer<typeof runViewSchema>;

export const runPageSchema = z.object({
  runs: z.array(runViewSchema.pick({ id: true, name: true, createdAt: true, size: true, links: true })),
  next: nextCursor,
});
