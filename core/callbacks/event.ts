import { z } from 'zod';
import { stored } from '../stored/record.ts';
import { failureKind, type FailureKind } from '../failures/failure.ts';
import { taskIdSchema, type TaskId } from '../tasks/task-id.ts';
import type { Task, TerminalState } from '../tasks/task.ts';

/**
 * The body of the POST that notifies a receiver of a task's end. It has names and ids only, never inputs, prompts or
 * outputs: the receiver reads the task through the API. `type` and `timestamp` follow the Standard Webhooks specification.
 */
export const callbackEventSchema = stored({
  type: z.enum(['task.succeeded', 'task.failed', 'task.cancelled', 'task.escalated']),
  /** When the task ended, not when it is delivered. ISO 8601 in UTC. */
  timestamp: z.iso.datetime(),
  data: stored({
    taskId: taskIdSchema,
    agent: z.string(),
    sessionId: z.string().optional(),
    runId: z.string().optional(),
    /** The client's own data, as submitted with the task. */
    metadata: z.record(z.string(), z.string()).optional(),
    status: z.enum(['succeeded', 'failed', 'cancelled', 'escalated']),
    /** Only for a failed task: for a program to act on. */
    failureKind: failureKind.optional(),
    /** One sentence for a person, for all but succeeded. */
    reason: z.string().optional(),
    /** Paths below the API's own address. */
    links: stored({ task: z.string(), steps: z.string() }),
  }),
});
export type CallbackEvent = z.infer<typeof callbackEventSchema>;

/** The event of a task's end. The same task always makes the same event. */
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
 * The `webhook-id`: one per task, the same for every delivery, to deduplicate by (I6). The specification forbids full
 * stops in it, since the signature separates its parts by them: whatever is no letter, digit, dash or underscore is
 * written as in a URL.
 */
export const webhookId = (taskId: TaskId): string => `${taskId.replaceAll(/[^\w-]/gu, escaped)}/end`;

const escaped = (character: string): string =>
  encodeURIComponent(character).replace(/^[.!'()*~]$/, (left) => `%${left.charCodeAt(0).toString(16).toUpperCase()}`);

/** The task's own reason is left out, since it may quote the rejected answer or what an agent wrote to a person. */
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

/** An event as its queue carries it, perhaps of a newer release, whose kinds this one does not know. */
const storedEventSchema = callbackEventSchema.extend({
  type: z.string().startsWith('task.'),
  data: callbackEventSchema.shape.data.extend({ status: z.string(), failureKind: z.string().optional() }),
});

/** A message of the callback queue: the receiver and the event. It has no secret, since it is signed on delivery. */
export const callbackMessageSchema = stored({
  type: z.literal('callback'),
  taskId: taskIdSchema,
  /** Whose secret signs it. */
  tenant: z.string().min(1),
  url: z.string().min(1),
  /** Delivered as it is: a newer release may have written kinds and fields that this one does not know. */
  event: storedEventSchema,
  /** The trace of the task, which its deliveries go on with. */
  traceparent: z.string().optional(),
  /**
   * Attempts before this message, which was sent at `sentAt` after a long wait in the table. A redrive of a dead letter
   * sends the message at another time: then they no longer count.
   */
  earlier: stored({
    attempts: z.number().int().nonnegative(),
    /** How often it was left alone. Absent: never. */
    leftAlone: z.number().int().positive().optional(),
    sentAt: z.number(),
  }).optional(),
});
export type CallbackMessage = z.infer<typeof callbackMessageSchema>;

/** Returns the callback message of an ended task, or null when it has no callback. */
export function callbackOf(task: Task, state: TerminalState): CallbackMessage | null {
  if (task.callback === undefined) return null;
  const { id: taskId, tenant, callback, traceparent } = task;
  const event = callbackEvent(task, state);
  return {
    type: 'callback',
    taskId,
    tenant,
    url: callback.url,
    event,
    ...(traceparent !== undefined && { traceparent }),
  };
}
