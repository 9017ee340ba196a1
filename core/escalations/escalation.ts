import { z } from 'zod';
import { stored, storedRecord } from '../stored/record.ts';
import { taskIdSchema } from '../tasks/task-id.ts';
import { prioritySchema, type Task } from '../tasks/task.ts';

/** Where an escalation stands. Times are milliseconds since the epoch. */
const stateSchema = z.discriminatedUnion('status', [
  stored({ status: z.literal('open') }),
  stored({ status: z.literal('claimed'), by: z.string(), at: z.number(), until: z.number() }),
  stored({ status: z.literal('answered'), by: z.string(), at: z.number(), reply: z.string(), key: z.string() }),
]);

/** A task that waits for a person: a single item of the state table, under the task's id. */
export const escalationSchema = storedRecord({
  /** The task's. */
  id: taskIdSchema,
  tenant: z.string(),
  agent: z.string(),
  /** The conversation it belongs to. */
  sessionId: z.string().optional(),
  priority: prioritySchema,
  reason: z.string(),
  /** What has happened so far, for the person who takes it over. */
  summary: z.string().optional(),
  /** When the task ended. */
  createdAt: z.number(),
  /** Counts writes: each one is conditional on the version it was decided from. */
  version: z.number().int().positive(),
  state: stateSchema,
});
export type Escalation = z.infer<typeof escalationSchema>;

/** The open escalation of a task that ended so, the same each time; null for any other task. */
export function escalationOf(task: Task): Escalation | null {
  const { state, id, tenant, agent, sessionId, priority } = task;
  if (state.status !== 'escalated') return null;
  return {
    id,
    tenant,
    agent,
    ...(sessionId === undefined ? {} : { sessionId }),
    priority,
    reason: state.reason,
    ...(state.summary === undefined ? {} : { summary: state.summary }),
    createdAt: state.finishedAt,
    version: 1,
    state: { status: 'open' },
  };
}
