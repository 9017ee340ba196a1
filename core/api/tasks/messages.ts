import { z } from 'zod';
import { budgetSchema } from '../../budgets/budget.ts';
import { failureSchema } from '../../failures/failure.ts';
import { usageSchema } from '../../models/price.ts';
import { sessionIdSchema } from '../../sessions/session.ts';
import { parkCause, parkDetail } from '../../tasks/park-cause.ts';
import { prioritySchema } from '../../tasks/task.ts';
import { VISIBLE } from '../../text/text.ts';
import { nextCursor, pageQuery } from '../http/page.ts';
import { problemSchema } from '../http/problem.ts';

export const agentName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,40}$/, 'must be an agent name: lowercase letters, digits and hyphens')
  .describe('Name of the agent.');
export const taskIdParam = z.string().min(1).max(128).describe('The id of the task.');
const sessionId = sessionIdSchema.describe('Tasks of a session run one after another and share a conversation.');

/** Longest instruction and system prompt, in characters. Larger inputs need an upload. */
const MAX_TEXT_LENGTH = 100_000;

/** The body of POST /tasks. */
export const taskSubmissionSchema = z
  .strictObject({
    agent: agentName,
    instruction: z
      .string()
      .min(1)
      .regex(VISIBLE, 'must not be blank')
      .max(MAX_TEXT_LENGTH)
      .optional()
      .describe('What the agent should do, in plain text. Shorthand for `input: { instruction }`.'),
    input: z
      .unknown()
      .optional()
      .describe(
        'Input that matches the agent’s input schema. A task can be at most 256 KiB; use `inputKey` for larger inputs.',
      ),
    inputKey: z.string().min(1).max(512).optional().describe('The key of an uploaded input, from POST /uploads.'),
    system: z
      .string()
      .min(1)
      .regex(VISIBLE, 'must not be blank')
      .max(MAX_TEXT_LENGTH)
      .optional()
      .describe('Replaces the agent’s system prompt.'),
    sessionId: sessionId.optional(),
    priority: prioritySchema
      .default('default')
      .describe(
        '`economy` runs the model call in a batch, within a day and at half the price. It requires an agent without tools and no session.',
      ),
    budget: budgetSchema
      .partial()
      .optional()
      .describe('A lower limit than the agent’s budget. Enforced before each model call.'),
    deadline: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('The task fails if it has not ended by then. At most 7 days away.'),
    durability: z
      .enum(['region', 'global'])
      .optional()
      .describe(
        'What an accepted task survives, in a fleet of several regions. `global`: the loss of its region at any moment, for one more round trip to another region before the answer. Default `region`: what was not yet replicated may be lost with it.',
      ),
    callback: z
      .strictObject({ url: z.url().max(2_048) })
      .optional()
      .describe('Receives a signed POST when the task ends.'),
    metadata: z
      .record(z.string().min(1).max(64), z.string().max(512))
      .refine((entries) => Object.keys(entries).length <= 16, 'at most 16 entries')
      .optional()
      .describe('Your own key-value pairs. Stored and returned with the task, never interpreted.'),
  })
  .refine(
    ({ instruction, input, inputKey }) =>
      [instruction, input, inputKey].filter((given) => given !== undefined).length === 1,
    { error: 'exactly one of instruction, input and inputKey is required', path: ['instruction'] },
  );
export type TaskSubmission = z.infer<typeof taskSubmissionSchema>;

const time = z.iso.datetime();

const worker = z.object({
  name: z.string().describe('The worker’s log stream.'),
  trace: z.string().optional().describe('The X-Ray trace of its last work on the task.'),
});

/** A task as the API returns it. */
export const taskViewSchema = z.object({
  id: z.string(),
  agent: z.string(),
  agentVersion: z.string(),
  status: z.enum(['queued', 'running', 'parked', 'succeeded', 'failed', 'cancelled', 'escalated']),
  priority: prioritySchema,
  sessionId: z.string().optional(),
  runId: z.string().optional(),
  retryOf: z.string().optional().describe('The task that this one retries.'),
  retriedAs: z.string().optional().describe('The task that retries this one. Only when you get a single task.'),
  parent: z.string().optional().describe('The task that delegated this one.'),
  children: z
    .array(z.string())
    .optional()
    .describe('The tasks that it delegated, in order. Only when you get a single task.'),
  metadata: z.record(z.string(), z.string()).optional(),
  createdAt: time,
  deadline: time,
  finishedAt: time.optional(),
  waitsFor: z
    .object({
      cause: parkCause,
      detail: parkDetail
        .optional()
        .describe(
          'A more exact cause, if there is one. `agent-version`: no worker has the task’s agent version yet. `delegated`: the tasks that it delegated have not ended.',
        ),
      until: time,
    })
    .optional()
    .describe('Why a parked task waits, and until when. Later releases may add causes.'),
  cancelRequested: z.boolean().optional(),
  input: z.unknown().optional().describe('The input as it was submitted. Only when you get a single task.'),
  inputKey: z.string().optional().describe('The key of the uploaded input. Only when you get a single task.'),
  output: z.unknown().optional(),
  warnings: z.array(z.string()).optional(),
  failure: failureSchema.pick({ kind: true, reason: true }).optional(),
  traceId: z
    .string()
    .optional()
    .describe('The trace that shows where its time went: `GET /tasks/{id}/trace`. Absent on tasks of release 0.2.'),
  worker: worker.optional().describe('The worker that last worked on the task.'),
  lastError: z
    .object({ reason: z.string(), at: time, worker: worker.optional() })
    .optional()
    .describe(
      'The most recent error, even if the task has recovered: a transient failure, or an error or crash of the worker.',
    ),
  escalation: z.object({ reason: z.string() }).optional(),
  model: z.string().optional(),
  steps: z.number().int().describe('Number of completed steps.'),
  attempts: z.number().int().describe('Number of transient failures of the current step.'),
  crashes: z.number().int().describe('Number of workers that crashed while working on the task.'),
  usage: usageSchema,
  budget: budgetSchema,
  spent: z
    .object({
      tokens: z.number(),
      usd: z.number(),
      savedUsd: z
        .number()
        .describe('US dollars saved by prompt caching. Negative if cache writes cost more than they saved.'),
      delegated: z
        .object({ tokens: z.number(), usd: z.number() })
        .optional()
        .describe(
          'What ended delegated tasks cost, with everything below them. They count it too, so do not add it up.',
        ),
    })
    .describe('Charged so far, including interrupted calls.'),
  links: z.object({ self: z.string(), steps: z.string(), cancel: z.string(), session: z.string().optional() }),
});
export type TaskView = z.infer<typeof taskViewSchema>;

/** The response to a submission. A retry under the same key gets the same one. */
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
  rise: z.string().optional().describe('Why this call used a stronger model than the calls before.'),
  isSummary: z.boolean().optional().describe('True if the call summarised the oldest turns of the session.'),
  stopReason: z.string().optional(),
  usage: usageSchema.optional(),
  usd: z.number().optional(),
  savedUsd: z.number().optional(),
  tool: z.string().optional(),
  isError: z.boolean().optional(),
  stack: z.string().optional().describe('Where the tool threw: names of errors and places in the code.'),
  content: z.unknown().describe('The model’s response, or the tool’s result.'),
});
export type StepView = z.infer<typeof stepViewSchema>;

/** Most tasks in one batch or run. */
export const MAX_IN_BATCH = 500;

/** The body of POST /tasks/batch. Items are validated one by one, so an invalid one does not affect the others. */
export const batchSubmissionSchema = z.strictObject({
  tasks: z
    .array(z.unknown())
    .min(1)
    .max(MAX_IN_BATCH)
    .describe('Task submissions, each as in POST /tasks, with an optional `idempotencyKey`.'),
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
    .describe('One result per item, in the same order.'),
});
export type BatchAnswer = z.infer<typeof batchAnswerSchema>;

export const taskListQuerySchema = z.strictObject({
  agent: agentName.optional(),
  status: taskViewSchema.shape.status.optional(),
  sessionId: sessionIdSchema.optional(),
  runId: z.string().min(1).max(128).optional(),
  parent: taskIdParam.optional().describe('Delegated by this task.'),
  from: z.iso.datetime({ offset: true }).optional().describe('Created at or after this time.'),
  to: z.iso.datetime({ offset: true }).optional().describe('Created before this time.'),
  ...pageQuery,
});
export type TaskListQuery = z.infer<typeof taskListQuerySchema>;

export const taskPageSchema = z.object({
  tasks: z.array(taskViewSchema.omit({ output: true, input: true, inputKey: true, retriedAs: true, children: true })),
  next: nextCursor,
});
export type TaskPage = z.infer<typeof taskPageSchema>;

/** Seconds that a request can wait: API Gateway cuts it off after 29. */
export const MAX_WAIT_SECONDS = 25;

export const waitQuerySchema = z.strictObject({
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(MAX_WAIT_SECONDS)
    .default(0)
    .describe('Maximum number of seconds to wait for the task to end.'),
});

/** Most tasks of POST /tasks/wait: those of one BatchGetItem request (API limit). */
export const MAX_WAITED_FOR = 100;

/** The body of POST /tasks/wait. */
export const tasksToWaitForSchema = z.strictObject({
  ids: z.array(taskIdParam).min(1).max(MAX_WAITED_FOR).describe('Ids of the tasks.'),
  wait: z
    .int()
    .min(0)
    .max(MAX_WAIT_SECONDS)
    .default(20)
    .describe('Maximum number of seconds to wait for all of them to end.'),
});
export type TasksToWaitFor = z.infer<typeof tasksToWaitForSchema>;

export const waitedForSchema = z.object({
  ended: z.array(taskViewSchema).describe('The tasks that have ended.'),
  pending: z
    .array(z.string())
    .describe(
      'Ids of the tasks that have not ended, and of those whose results do not fit into the response. Ask again.',
    ),
  problems: z
    .array(z.object({ id: z.string(), problem: problemSchema }))
    .describe('Tasks that cannot be read, such as those of another tenant.'),
});
export type WaitedFor = z.infer<typeof waitedForSchema>;
