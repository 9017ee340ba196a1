import { z } from 'zod';
import { nextCursor, pageQuery } from '../http/page.ts';

const person = z.string().min(1).max(128).describe('Name or e-mail address of the person.');

export const escalationViewSchema = z.object({
  id: z.string().describe('The id of the escalated task.'),
  agent: z.string(),
  sessionId: z.string().optional(),
  priority: z.string(),
  reason: z.string(),
  summary: z.string().optional(),
  createdAt: z.iso.datetime(),
  status: z.enum(['open', 'claimed', 'answered']),
  by: person.optional(),
  until: z.iso.datetime().optional().describe('When the claim expires.'),
  reply: z.string().optional(),
  links: z.object({ task: z.string(), claim: z.string(), answer: z.string() }),
});
export type EscalationView = z.infer<typeof escalationViewSchema>;

export const escalationListQuerySchema = z.strictObject({
  status: z
    .enum(['waiting', 'answered'])
    .default('waiting')
    .describe('`waiting` includes open and claimed escalations.'),
  ...pageQuery,
});

export const escalationPageSchema = z.object({
  escalations: z.array(escalationViewSchema),
  next: nextCursor,
});

export const claimSubmissionSchema = z.strictObject({ by: person });
export const answerSubmissionSchema = z.strictObject({ by: person, reply: z.string().min(1).max(20_000) });
