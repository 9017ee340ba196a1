import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { MessageTask, TaskQueue } from '../ports/task-queue.ts';
import type { TaskStore } from '../ports/task-store.ts';
import type { Tracer } from '../ports/tracer.ts';
import type { Homes } from '../regions/home.ts';
import { enterSession } from '../sessions/order.ts';
import { DEFAULT_SESSION_POLICY, type SessionPolicy } from '../sessions/session.ts';
import { apply } from './apply.ts';
import { cancel } from './finish.ts';
import { submit, type Submission } from './submit.ts';
import { isTerminal, type Task } from './task.ts';

export interface AcceptPorts {
  readonly store: TaskStore;
  readonly sessions: SessionStore;
  /** Policy of a session that this task begins. @default 20,000 tokens, one hour */
  readonly sessionPolicy?: SessionPolicy | undefined;
  readonly queue: Pick<TaskQueue, 'send'>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** The regions of a global fleet. @default the fleet has one */
  readonly homes?: Homes | undefined;
  /** Decides which traces are kept. @default none are */
  readonly tracer?: Pick<Tracer, 'current' | 'samples'> | undefined;
}

/** What became of a submission, with the stored task. */
export interface Acceptance {
  /**
   * - `created`: the task is new.
   * - `existing`: an equal submission was accepted before.
   * - `key-reused`: rejected, the tenant's key belongs to another request.
   * - `session-full`: rejected, too many tasks of the session are waiting. The task is cancelled.
   */
  readonly outcome: 'created' | 'existing' | 'key-reused' | 'session-full';
  readonly task: Task;
}

/**
 * Accepts a task. Every way in uses it: the API, webhooks, redrives and uploaded documents.
 *
 * Puts the task's item, enters it into its session, then sends its message. Once the item is stored the task is accepted.
 * When the message cannot be sent, the sweeper sends it within two minutes.
 * @param message `held` when the caller already holds the message that the task came by, so none is sent; milliseconds
 *   until the workers get it; `resend` if the caller may repeat a request that died before it sent the message
 */
export async function acceptTask(
  ports: AcceptPorts,
  submission: Submission,
  message: 'send' | 'resend' | 'held' | number = 'send',
): Promise<Acceptance> {
  const { created, task } = await submit(ports, submission);
  if (!created && submission.keyScope === 'tenant' && task.request?.id !== submission.request.id) {
    return { outcome: 'key-reused', task };
  }
  const acceptance: Acceptance = { outcome: created ? 'created' : 'existing', task };
  // A replay continues where the first request may have stopped. Repeating the steps below does no harm.
  if (isTerminal(task.state)) return acceptance;
  const entered = await enterSession(ports, task);
  if (entered === 'full') {
    // Cancelled, so that nobody works on a rejected task.
    await apply(ports.store, task, (current) => cancel(current, ports.clock.now()));
    return { outcome: 'session-full', task };
  }
  // A task that waits for a batch needs no message.
  const mayLackMessage = created || (message === 'resend' && isUntouched(task, ports.clock.now()));
  const needsMessage = mayLackMessage && task.state.status === 'queued' && message !== 'held';
  const delayMs = typeof message === 'number' ? message : 0;
  if (needsMessage)
    await ports.queue.send({ ...task, ...opensSession(ports, entered) }, delayMs).catch(() => undefined);
  return acceptance;
}

/**
 * What tells the worker that it need not read the session. Where homes move, another region may have a session that had not
 * arrived.
 */
const opensSession = (
  { homes, sessionPolicy = DEFAULT_SESSION_POLICY }: AcceptPorts,
  entered: 'opened' | 'entered',
): Pick<MessageTask, 'opensSession'> => (entered === 'opened' && !homes ? { opensSession: sessionPolicy } : {});

/** When the sweeper sends the message of a task that nobody has claimed. */
const SWEPT_AFTER_MS = 120_000;

/**
 * Whether nobody has claimed a task since its acceptance. Its first request may have died before it sent the message, so a
 * retry of the request sends it: a second message does no harm, and the sweeper would take two minutes.
 */
const isUntouched = ({ attempts, createdAt }: Task, now: number): boolean =>
  attempts === 0 && now - createdAt < SWEPT_AFTER_MS;
