import { z } from 'zod';
import { budgetSchema } from '../../budgets/budget.ts';
import { failureSchema } from '../../failures/failure.ts';
import { usageSchema } from '../../models/price.ts';
import { sessionIdSchema } from '../../sessions/session.ts';
import { parkCause, prioritySchema } from '../../tasks/task.ts';
import { nextCursor, pageQuery } from '../http/page.ts';
import { problemSchema } from '../http/problem.ts';

export const agentName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,40}$/, 'must be an agent’s name: lower case letters, digits and dashes')
  .describe('The agent the task is for.');
export const taskIdParam = z.string().min(1).max(128).describe('A task’s id.');
const sessionId = sessionIdSchema.describe('Tasks of one session run one after the other and share its conversation.');

/** Longest instruction and system prompt, in characters; larger inputs go by a presigned upload. */
const MAX_TEXT_LENGTH = 100_000;

/** What a client sends to have a task done. */
export const taskSubmissionSchema = z
  .strictObject({
    agent: agentName,
    instruction: z
      .string()
      .min(1)
      .max(MAX_TEXT_LENGTH)
      .optional()
      .describe('What to do, in words. Short for `input: { instruction }`.'),
    input: z
      .unknown()
      .optional()
      .describe('Typed input, by the agent’s own schema; the task takes 256 KiB in all, more goes by `inputKey`.'),
    inputKey: z.string().min(1).max(512).optional().describe('The key of an uploaded input, as POST /uploads gave it.'),
    system: z.string().min(1).max(MAX_TEXT_LENGTH).optional().describe('Stands in for the agent’s system prompt.'),
    sessionId: sessionId.optional(),
    priority: prioritySchema
      .default('default')
      .describe(
        'economy: its model call waits for a batch, within a day and at half the price; for agents without tools, and in no session.',
      ),
    budget: budgetSchema.partial().optional().describe('Less than the agent’s own; enforced before each model call.'),
    deadline: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('The task fails when it has not ended by then; at most 7 days away.'),
    callback: z
      .strictObject({ url: z.url().max(2_048) })
      .optional()
      .describe('Is told of the end by a signed POST.'),
    metadata: z
      .record(z.string().min(1).max(64), z.string().max(512))
      .refine((entries) => Object.keys(entries).length <= 16, 'at most 16 entries')
      .optional()
      .describe('Your own words about the task: kept, given back, never read.'),
  })
  .refine(
    ({ instruction, input, inputKey }) =>
      [instruction, input, inputKey].filter((given) => given !== undefined).length === 1,
    { error: 'exactly one of instruction, input and inputKey must be given', path: ['instruction'] },
  );
export type TaskSubmission = z.infer<typeof taskSubmissionSchema>;

const time = z.iso.datetime();

const worker = z.object({
  name: z.string().describe('The log stream that it writes.'),
  trace: z.string().optional().describe('The X-Ray trace of its turn.'),
});

/** A task as the API shows it. */
export const taskViewSchema = z.object({
  id: z.string(),
  agent: z.string(),
  agentVersion: z.string(),
  status: z.enum(['queued', 'running', 'parked', 'succeeded', 'failed', 'cancelled', 'escalated']),
  priority: prioritySchema,
  sessionId: z.string().optional(),
  runId: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  createdAt: time,
  deadline: time,
  finishedAt: time.optional(),
  waitsFor: z.object({ cause: parkCause, until: time }).optional().describe('Why a parked task waits.'),
  cancelRequested: z.boolean().optional(),
  output: z.unknown().optional(),
  warnings: z.array(z.string()).optional(),
  failure: failureSchema.pick({ kind: true, reason: true }).optional(),
  worker: worker.optional().describe('Who worked on it last.'),
  lastError: z
    .object({ reason: z.string(), at: time, worker: worker.optional() })
    .optional()
    .describe(
      'What went wrong last, be it made good since: a transient failure, an error of the worker, or its death.',
    ),
  escalation: z.object({ reason: z.string() }).optional(),
  model: z.string().optional(),
  steps: z.number().int().describe('Steps that finished.'),
  attempts: z.number().int().describe('Transient failures of the step that comes next.'),
  crashes: z.number().int().describe('Workers that died on it.'),
  usage: usageSchema,
  budget: budgetSchema,
  spent: z
    .object({
      tokens: z.number(),
      usd: z.number(),
      savedUsd: z.number().describe('What prompt caching saved; below zero where its writes cost more.'),
    })
    .describe('Charged so far, calls that broke off included.'),
  links: z.object({ self: z.string(), steps: z.string(), cancel: z.string(), session: z.string().optional() }),
});
export type TaskView = z.infer<typeof taskViewSchema>;

/** The answer to a submission: the same when it is replayed under its key. */
export const acceptedSchema = z.object({
  id: z.string(),
  status: taskViewSchema.shape.status,
  links: taskViewSchema.shape.links,
});
export type Accepted = z.infer<typeof acceptedSchema>;

/** One step of a task. */
export const stepViewSchema = z.object({
  index: z.number().int(),
  kind: z.enum(['model', 'tool']),
  startedAt: time,
  endedAt: time,
  model: z.string().optional(),
  rise: z.string().optional().describe('Why it was asked of a higher tier than the calls before.'),
  isSummary: z.boolean().optional().describe('It put the oldest turns of the session in short.'),
  stopReason: z.string().optional(),
  usage: usageSchema.optional(),
  usd: z.number().optional(),
  savedUsd: z.number().optional(),
  tool: z.string().optional(),
  isError: z.boolean().optional(),
  content: z.unknown().describe('What the model said, or what the tool answered.'),
});
export type StepView = z.infer<typeof stepViewSchema>;

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

export const taskListQuerySchema = z.strictObject({
  agent: agentName.optional(),
  status: taskViewSchema.shape.status.optional(),
  sessionId: sessionIdSchema.optional(),
  runId: z.string().min(1).max(128).optional(),
  from: z.iso.datetime({ offset: true }).optional().describe('Accepted at or after.'),
  to: z.iso.datetime({ offset: true }).optional().describe('Accepted before.'),
  ...pageQuery,
});
export type TaskListQuery = z.infer<typeof taskListQuerySchema>;

export const taskPageSchema = z.object({
  tasks: z.array(taskViewSchema.omit({ output: true })),
  next: nextCursor,
});
export type TaskPage = z.infer<typeof taskPageSchema>;

export const waitQuerySchema = z.strictObject({
  wait: z.coerce.number().int().min(0).max(25).default(0).describe('Seconds to wait for the end, at most.'),
});
