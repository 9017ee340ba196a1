import { z } from 'zod';
import { stored, storedRecord } from '../stored/record.ts';
import { taskIdSchema, type TaskId } from '../tasks/task-id.ts';
import { keptTurnSchema } from './turn.ts';

/** The caller's id of a conversation, unique within its tenant. */
export const sessionIdSchema = z
  .string()
  .regex(/^[\w.:@-]{1,128}$/, '1 to 128 letters, digits and . : @ _ -, such as "customer-4711"');

export const sessionPolicySchema = z.object({
  /** Most tokens of kept turns. Beyond it the oldest are summarised or dropped, as the agent is configured. */
  tokenLimit: z.number().int().positive().default(20_000),
  /** How long the turns are kept after the last use, in milliseconds. */
  keptMs: z.number().int().positive().default(3_600_000),
});
export type SessionPolicy = z.infer<typeof sessionPolicySchema>;

/** 20,000 tokens, one hour. */
export const DEFAULT_SESSION_POLICY: SessionPolicy = sessionPolicySchema.parse({});

/** Most tasks that may wait in one session. More would outgrow the item. */
export const MAX_WAITING = 1_000;

/**
 * A conversation: a single item of the state table.
 * - S1 Only the first of `waiting` may run; it stays there until it has ended.
 * - S2 Tasks wait in the order in which they were entered, each once.
 * - S3 A task's turn is added by the write that takes it out of `waiting`, so once at most.
 * - S4 Turns change only when a task leaves, when they are forgotten, or when a task enters a session that has expired.
 *   A resumed task therefore finds the context that it began with.
 * - S5 `agents` names every agent that has had a turn in the conversation, also when its words are dropped, since a summary
 *   or a later answer may repeat them.
 */
export const sessionSchema = storedRecord({
  tenant: z.string(),
  id: sessionIdSchema,
  version: z.number().int().positive(),
  waiting: z.array(taskIdSchema),
  turns: z.array(keptTurnSchema.extend({ taskId: taskIdSchema })),
  /** S5. Turns that release 0.2 added are missing here: their tasks name the agent. */
  agents: z.array(z.string()).optional(),
  /** When the turns expire, unless a task is waiting. */
  expiresAt: z.number(),
  policy: stored(sessionPolicySchema.shape),
});
export type Session = z.infer<typeof sessionSchema>;

/** A session without tasks. Version 0 is never stored. */
export function newSession(tenant: string, id: string, policy: SessionPolicy): Session {
  return { tenant, id, version: 0, waiting: [], turns: [], expiresAt: 0, policy };
}

/** Whether the turns are still valid. Checked when reading, since nothing deletes them on time. */
export const isKept = ({ waiting, expiresAt }: Session, now: number): boolean => waiting.length > 0 || now < expiresAt;

/** How long a message may have waited that says that its task opened its session. */
const OPENED_MS = 15_000;

/** A task of a session. */
interface InSession extends Pick<Session, 'tenant'> {
  readonly id: TaskId;
  readonly sessionId: string;
  readonly createdAt: number;
}

/**
 * The session that a task opened a moment ago, as it is until that task ends: the task is first, and nothing adds a turn
 * before. The worker's next write replaces the session by this, so whoever opens one must put nothing else into it.
 * @param policy as the message has it
 * @returns null if the message does not say so, or has waited: then the session is read
 */
export function openedSession(task: InSession, policy: SessionPolicy | undefined, now: number): Session | null {
  const { id, tenant, sessionId, createdAt } = task;
  if (policy === undefined || now - createdAt >= OPENED_MS) return null;
  return { ...newSession(tenant, sessionId, policy), version: 1, waiting: [id], agents: [] };
}

/** A worker's sight of its task's session. */
export interface SessionSeen {
  readonly session: Session | null;
  /** No later than it was read. */
  readonly sessionSeenAt: number;
}

/** Half of the first interval of the sweeper, since a write may take as long as its lease. */
const ALONE_MS = 30_000;

/**
 * Whether a task that ends now is surely alone in its session, or whoever came since is looked at by the sweeper within a
 * minute anyway. So its worker may die right after it has written the end as notified: nobody waits longer for that.
 */
export const isAlone = ({ session, sessionSeenAt }: SessionSeen, now: number): boolean =>
  session?.waiting.length === 1 && now - sessionSeenAt < ALONE_MS;

/** The task whose turn it is. */
export const headOf = ({ waiting }: Session): TaskId | undefined => waiting[0];
