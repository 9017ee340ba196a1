import { z } from 'zod';
import { nextCursor } from '../http/page.ts';
import { itemSchema } from '../../runs/item.ts';
import { batchAnswerSchema, MAX_IN_BATCH, taskViewSchema } from '../tasks/messages.ts';

export const runIdParam = z.string().min(1).max(128).describe('The id of the run.');

const MAX_ITEMS_IN_REQUEST = 10_000;

export const runSubmissionSchema = z.strictObject({
  name: z.string().min(1).max(128).optional().describe('A name for people to recognise the run.'),
  tasks: z
    .array(z.unknown())
    .min(1)
    .max(MAX_IN_BATCH)
    .optional()
    .describe('Task submissions, each as in POST /tasks. Required without `workflow`.'),
  workflow: z.string().min(1).max(128).optional().describe('The pipeline to run, instead of `tasks`.'),
  items: z
    .array(itemSchema)
    .min(1)
    .max(MAX_ITEMS_IN_REQUEST)
    .optional()
    .describe('The items of the pipeline. A request can be at most 3 MiB; use `key` for more.'),
  key: z
    .string()
    .min(1)
    .max(512)
    .optional()
    .describe('The `inputKey` of an upload with the items as JSON lines, instead of `items`: at most 100,000.'),
  group: z.string().min(1).max(128).optional().describe('Runs of a group share results, such as those of one night.'),
  budgetUsd: z.number().positive().optional().describe('Most US dollars of a pipeline’s run.'),
  deadline: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('When a pipeline’s run ends with what there is. The default is that of the pipeline.'),
  due: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('When the results of a pipeline’s run are due. Its aggregator reads it to tell results that are late.'),
});
export type RunSubmission = z.infer<typeof runSubmissionSchema>;

export const runAcceptedSchema = z.object({
  id: z.string(),
  links: z.object({ self: z.string(), tasks: z.string(), cancel: z.string() }),
  items: batchAnswerSchema.shape.items.describe('One result per task. Empty for a pipeline.'),
});

const counts = z.record(taskViewSchema.shape.status, z.number().int());
const spent = z.object({ tokens: z.number(), usd: z.number() });

export const runViewSchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  createdAt: z.iso.datetime(),
  size: z.number().int().describe('Number of submitted tasks, or of the documents of a workflow run.'),
  refused: z.number().int().describe('Number of submitted tasks that were rejected.'),
  status: z.enum(['running', 'ended']),
  cancelled: z.boolean().optional().describe('Whether the run was cancelled.'),
  tasks: counts.describe('Number of accepted tasks, by status.'),
  withoutTask: z
    .number()
    .int()
    .optional()
    .describe(
      'Of a workflow that has ended: number of documents without a task in this run. Their results were known from earlier runs, or they are copies of others; of a run that was cancelled or failed, they may also not have been started. Releases up to 0.2 leave it out.',
    ),
  agents: z
    .array(z.object({ agent: z.string(), tasks: counts, spent }))
    .optional()
    .describe(
      'The same for each agent, in the order in which they got their first task: the stages of a pipeline. Releases up to 0.2 leave it out.',
    ),
  spent,
  budgetUsd: z
    .number()
    .optional()
    .describe(
      'Most US dollars that the run may cost, if it was started with a limit. Releases up to 0.2 leave it out.',
    ),
  links: runAcceptedSchema.shape.links,
});
export type RunView = z.infer<typeof runViewSchema>;

export const runPageSchema = z.object({
  runs: z.array(
    runViewSchema.pick({ id: true, name: true, createdAt: true, size: true, cancelled: true, links: true }).extend({
      status: runViewSchema.shape.status
        .optional()
        .describe('Only for runs of a workflow: the end of others follows from their tasks. Read the run for it.'),
    }),
  ),
  next: nextCursor,
});
export type RunPage = z.infer<typeof runPageSchema>;

export const reportViewSchema = z.object({
  files: z
    .array(
      z.object({
        name: z.string().describe('Such as `report.html`.'),
        size: z.number().int().describe('In bytes.'),
        writtenAt: z.iso.datetime(),
        url: z.string().describe('Downloads the file, never shows it. Needs no key, so pass it on with care.'),
        expiresAt: z.iso.datetime().describe('Until when the link works.'),
      }),
    )
    .describe('Empty if the run writes no report, or has not yet.'),
  complete: z.boolean().describe('False if the report has more files than the 1,000 that are listed.'),
  asOf: z.iso.datetime(),
});
export type ReportView = z.infer<typeof reportViewSchema>;
