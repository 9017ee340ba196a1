import { z } from 'zod';
import { pageQuery } from '../http/page.ts';
import { agentName, taskViewSchema } from '../tasks/messages.ts';

const time = z.iso.datetime();

export const poolViewSchema = z.object({
  agent: agentName,
  status: z.enum(['active', 'paused', 'open', 'half-open', 'resuming']).describe('`open`: its circuit breaker is.'),
  reason: z.string().optional(),
  by: z.string().optional().describe('Who paused it.'),
  since: time.optional(),
  until: time.optional().describe('When an open breaker lets a task try.'),
  waiting: z
    .object({ high: z.number().int(), default: z.number().int(), deadLetters: z.number().int() })
    .describe('Messages in its queues, about; `deadLetters` are those that nobody could read.'),
});
export type PoolView = z.infer<typeof poolViewSchema>;

export const pauseSubmissionSchema = z.strictObject({
  reason: z.string().min(1).max(500).describe('Why, for those who find it paused.'),
  by: z.string().min(1).max(128).describe('Who: a name or an e-mail address.'),
});

export const deadLetterQuerySchema = z.strictObject({ limit: pageQuery.limit });

export const deadLetterSchema = taskViewSchema
  .pick({
    id: true,
    agent: true,
    sessionId: true,
    runId: true,
    createdAt: true,
    finishedAt: true,
    failure: true,
    lastError: true,
    worker: true,
    attempts: true,
    crashes: true,
    steps: true,
    spent: true,
    links: true,
  })
  .extend({ redrivenAs: z.string().optional().describe('The task that was made of it.') });
export type DeadLetter = z.infer<typeof deadLetterSchema>;

export const redriveSubmissionSchema = z.strictObject({
  tasks: z
    .array(z.string().min(1).max(128))
    .min(1)
    .max(100)
    .optional()
    .describe('Which; all that were not redriven without.'),
});

export const redriveAnswerSchema = z.object({
  redriven: z.array(z.object({ deadLetter: z.string(), task: z.string() })),
  more: z.boolean().describe('Whether others are left: ask again.'),
});
