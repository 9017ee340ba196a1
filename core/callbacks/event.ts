import { z } from 'zod';
import { failureKind, type FailureKind } from '../failures/failure.ts';
import { taskIdSchema, type Task, type TaskId, type TerminalState } from '../tasks/task.ts';

/**
 * What a receiver is told of a task's end: the body of the POST. Names and ids alone, never inputs, prompts or outputs:
 * the receiver reads the task by the API. `type` and `timestamp` are as the Standard Webhooks specification has them.
 */
export const callbackEventSchema = z.object({
  type: z.enum(['task.succeeded', 'task.failed', 'task.cancelled', 'task.escalated']),
  /** When the task ended, ISO 8601 in UTC: not when it is told. */
  timestamp: z.iso.datetime(),
  data: z.object({
    taskId: taskIdSchema,
    agent: z.string(),
    sessionId: z.string().optional(),
    runId: z.string().optional(),
    /** The client's own words, as they came with the task. */
    metadata: z.record(z.string(), z.string()).optional(),
    status: z.enum(['succeeded', 'failed', 'cancelled', 'escalated']),
    /** Of a failed task: for a program to act on. */
    failureKind: failureKind.optional(),
    /** One sentence for a person, for all but succeeded. */
    reason: z.string().optional(),
    /** Paths below the API's own address. */
    links: z.object({ task: z.string(), steps: z.string() }),
  }),
});
export type CallbackEvent = z.infer<typeof callbackEventSchema>;

/** The event of a task's end: the same however often it is made. */
export function callbackEvent(task: Task, state: TerminalState): CallbackEvent {
  const { id, agent, sessionId, runId, metadata } = task;
  const path = `/tasks/${encodeURIComponent(id)}`;
  return {
    type: `task.${state.status}`,
    timestamp: new Date(state.finishedAt).toISOString(),
    data: {
      taskId: id,
      agent,
      ...(sessionId !== undefined && { sessionId }),
      ...(runId !== undefined && { runId }),
      ...(metadata !== undefined && { metadata }),
      status: state.status,
      ...why(state),
      links: { task: path, steps: `${path}/steps` },
    },
  };
}

/**
 * The `webhook-id`: one a task, the same for every delivery, to deduplicate by (I6). The specification forbids full
 * stops in it, since the signature separates its parts by them: whatever is no letter, digit, dash or underscore is
 * written as in a URL.
 */
export const webhookId = (taskId: TaskId): string => `${taskId.replaceAll(/[^\w-]/gu, escaped)}/end`;

const escaped = (character: string): string =>
  encodeURIComponent(character).replace(/^[.!'()*~]$/, (left) => `%${left.charCodeAt(0).toString(16).toUpperCase()}`);

/** The task's own reason may quote the answer that was refused, or what an agent wrote to a person: it stays behind. */
function why(state: TerminalState): { failureKind?: FailureKind; reason?: string } {
  switch (state.status) {
    case 'succeeded':
      return {};
    case 'failed':
      return { failureKind: state.failure.kind, reason: SENTENCES[state.failure.kind] };
    case 'cancelled':
      return { reason: SENTENCES.cancelled };
    case 'escalated':
      return { reason: 'Escalated to a person.' };
  }
}

const SENTENCES: Readonly<Record<FailureKind, string>> = {
  throttled: 'The model API was rate-limiting requests.',
  transient: 'A step failed on every attempt.',
  permanent: 'The task, or one of its calls, failed permanently.',
  'invalid-output': "The model's output was invalid twice.",
  'over-budget': 'The next call would have exceeded the budget.',
  cancelled: 'Cancelled on request.',
  crashed: 'Its workers crashed too often.',
  deadline: 'The task did not end before its deadline.',
};

/** What the callbacks' queue carries: whom to tell and what. No secret: the signature is made when it is delivered. */
export const callbackMessageSchema = z.object({
  type: z.literal('callback'),
  taskId: taskIdSchema,
  /** Whose secret signs it. */
  tenant: z.string().min(1),
  url: z.string().min(1),
  event: callbackEventSchema,
});
export type CallbackMessage = z.infer<typeof callbackMessageSchema>;

/** The message of an ended task; null for one that nobody asked to be told of. */
export function callbackOf(task: Task, state: TerminalState): CallbackMessage | null {
  if (task.callback === undefined) return null;
  const { id: taskId, tenant, callback } = task;
  return { type: 'callback', taskId, tenant, url: callback.url, event: callbackEvent(task, state) };
}
