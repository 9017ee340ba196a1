import { z } from 'zod';
import { bulkKindSchema, bulkOutcomeSchema } from '../../bulk/action.ts';
import { MAX_BULK_TASKS } from '../../bulk/select.ts';
import { nextCursor, pageQuery } from '../http/page.ts';
import { agentName, MAX_IN_BATCH, taskIdParam, taskViewSchema } from '../tasks/messages.ts';

export const bulkIdParam = z.string().min(1).max(128).describe('The id of the bulk action.');

const time = z.iso.datetime({ offset: true });

export const bulkFilterSchema = z
  .strictObject({
    tasks: z.array(taskIdParam).min(1).max(MAX_IN_BATCH).optional().describe('Ids of tasks, such as selected ones.'),
    agent: agentName.optional(),
    status: taskViewSchema.shape.status
      .optional()
      .describe(
        '`cancel`: one of `queued`, `running` and `parked`; defaults to all three. `retry`: `failed`, the default, or `cancelled`.',
      ),
    runId: z.string().min(1).max(128).optional(),
    cause: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe(
        'Why the task waits or failed: the `detail` or `cause` of `waitsFor`, or the `kind` of its failure, such as `transient`.',
      ),
    since: time.optional().describe('Created at or after this time.'),
    until: time.optional().describe('Created before this time.'),
  })
  .refine((filter) => Object.values(filter).some((value) => value !== undefined), 'must have at least one field');
export type BulkFilterMessage = z.infer<typeof bulkFilterSchema>;

export const bulkSubmissionSchema = z.strictObject({
  action: bulkKindSchema.describe(
    '`redrive` retries dead letters: tasks that failed because their workers kept crashing. It requires the scope `operate`.',
  ),
  filter: bulkFilterSchema,
  dryRun: z.boolean().default(false).describe('Only count the tasks and their cost. Nothing changes.'),
});
export type BulkSubmission = z.infer<typeof bulkSubmissionSchema>;

const found = {
  count: z
    .number()
    .int()
    .describe(`Number of tasks, at most ${MAX_BULK_TASKS.toLocaleString('en-US')}.`),
  spentUsd: z.number().describe('US dollars that the tasks have cost so far.'),
  usd: z
    .number()
    .describe(
      'US dollars that the action is expected to cost: for each task what it cost before, or its agent’s average of seven days if that is more. Zero for `cancel`.',
    ),
  maxUsd: z.number().describe('US dollars that the action costs at most, by the budgets of the tasks.'),
};

export const bulkAnswerSchema = z.object({
  id: z.string().optional().describe('The accepted action. Absent for a dry run.'),
  dryRun: z.boolean(),
  action: bulkKindSchema,
  ...found,
  agents: z.record(z.string(), z.number().int()).describe('Number of tasks by agent.'),
  complete: z
    .boolean()
    .describe('False for a dry run with more tasks than one action can have, or whose search took too long.'),
  sample: z
    .array(taskViewSchema.pick({ id: true, agent: true, status: true, createdAt: true }).extend({ usd: z.number() }))
    .describe('The oldest of the tasks, each with its cost so far.'),
  links: z.object({ self: z.string(), cancel: z.string() }).optional(),
});
export type BulkAnswer = z.infer<typeof bulkAnswerSchema>;

const bulkItemViewSchema = z.object({
  task: z.string(),
  outcome: bulkOutcomeSchema
    .optional()
    .describe('`skipped`: the task had changed, so that there was nothing to do. Absent while it waits for its turn.'),
  retriedAs: z.string().optional().describe('The task that retries it.'),
  reason: z.string().optional().describe('Why it was skipped or failed.'),
});

export const bulkViewSchema = z.object({
  id: z.string(),
  action: bulkKindSchema,
  filter: z.record(z.string(), z.unknown()),
  status: z
    .enum(['running', 'ended', 'cancelled'])
    .describe('`cancelled`: it was stopped before its last task. What it had done stays done.'),
  by: z.string().describe('The id of the key that asked for it.'),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  ...found,
  done: z.number().int(),
  skipped: z.number().int(),
  failed: z.number().int(),
  waiting: z.number().int().describe('Number of tasks without an outcome.'),
  asOf: z.iso.datetime(),
  links: z.object({ self: z.string(), cancel: z.string() }),
});
export type BulkView = z.infer<typeof bulkViewSchema>;

export const bulkDetailSchema = bulkViewSchema.extend({
  items: z.array(bulkItemViewSchema).describe('A page of the tasks, oldest first, each with its outcome.'),
  next: nextCursor,
});
export type BulkDetail = z.infer<typeof bulkDetailSchema>;

export const bulkQuerySchema = z.strictObject({
  outcome: bulkOutcomeSchema.optional().describe('Only tasks with this outcome.'),
  ...pageQuery,
});
export type BulkQuery = z.infer<typeof bulkQuerySchema>;

export const bulkListSchema = z.object({ actions: z.array(bulkViewSchema), next: nextCursor });
export type BulkList = z.infer<typeof bulkListSchema>;
