import type { CallbackRules } from '../../callbacks/url.ts';
import type { TaskQueue } from '../../ports/task-queue.ts';
import type { Uploads } from '../../ports/uploads.ts';
import { acceptTask, type AcceptPorts } from '../../tasks/accept.ts';
import type { Submission } from '../../tasks/submit.ts';
import type { Task } from '../../tasks/task.ts';
import { requireAgent, type Caller } from '../http/caller.ts';
import { findAgent, type AgentCatalogue } from '../fleet/catalogue.ts';
import { keyReused } from '../http/idempotency.ts';
import type { TaskSubmission } from './messages.ts';
import { ApiProblem } from '../http/problem.ts';
import { buildSubmission } from './build-submission.ts';
import { cancelTask } from './cancel-task.ts';
import { checkEconomy } from './economy.ts';
import { readSession } from '../../sessions/order.ts';
import { requireOneHome } from './one-home.ts';
import { requireSession } from './require-agents.ts';
import { inputOf } from './task-input.ts';

export interface SubmitPorts extends AcceptPorts {
  readonly queue: TaskQueue;
  readonly agents: AgentCatalogue;
  readonly callbackRules: CallbackRules;
  /** Where large inputs are uploaded. @default none: every `inputKey` is rejected */
  readonly uploads?: Uploads;
}

/** Options of a submission. */
export interface SubmitOptions {
  /** Within a tenant, the same key means the same task (I10). @default none: each submission creates a task */
  readonly idempotencyKey?: string | undefined;
  readonly runId?: string | undefined;
}

/**
 * Accepts a task: writes its item, then sends its id to the queue. The task is accepted once its item is written. If the
 * message cannot be sent, the sweeper sends it within two minutes. The same key returns the same task, even if it has
 * ended; a different body under the key is rejected. Throws `ApiProblem`.
 */
export async function submitTask(
  ports: SubmitPorts,
  caller: Caller,
  submission: TaskSubmission,
  { idempotencyKey, runId }: SubmitOptions,
): Promise<Task> {
  requireAgent(caller, submission.agent);
  requireOneHome(ports.homes, idempotencyKey, submission.sessionId);
  const card = findAgent(ports.agents, submission.agent);
  await requireOwnSession(ports, caller, submission.sessionId);
  if (submission.priority === 'economy') checkEconomy(card, submission);
  const text = JSON.stringify([submission, runId ?? null]);
  if (new TextEncoder().encode(text).length > MAX_TASK_SIZE) throw tooLarge();
  const digest = ports.ids.digest(text);
  const input = await inputOf(ports, caller, card, submission);
  const task = await acceptOrThrow(
    ports,
    buildSubmission(ports, caller, card, submission, { idempotencyKey, digest, runId, ...input }),
  );
  await requireOwnTurn(ports, caller, task);
  return task;
}

/** The task would read the session's turns, so a key of one agent must not enter a session of another. */
export async function requireOwnSession(ports: AcceptPorts, caller: Caller, id: string | undefined): Promise<void> {
  if (id === undefined || caller.agents === null) return;
  const session = await readSession(ports, caller.tenant, id);
  if (session) await requireSession(ports.store, caller, session);
}

/**
 * Another agent's task can enter the session between that check and the task's own entry. So this asks again for those
 * ahead of it, whose turns it would read, and cancels the task. Throws `ApiProblem`.
 */
export async function requireOwnTurn(
  ports: AcceptPorts & { readonly queue: TaskQueue },
  caller: Caller,
  task: Task,
): Promise<void> {
  if (task.sessionId === undefined || caller.agents === null) return;
  const session = await ports.sessions.get(task.tenant, task.sessionId);
  const place = session?.waiting.indexOf(task.id) ?? -1;
  if (!session || place < 0) return;
  try {
    const waiting = session.waiting.slice(0, place);
    await requireSession(ports.store, caller, { ...session, waiting });
  } catch (error) {
    if (error instanceof ApiProblem) await cancelTask(ports, task);
    throw error;
  }
}

/**
 * Largest task in bytes, as JSON. Its item can be at most 390 KiB, compressed, and must also hold the output.
 */
const MAX_TASK_SIZE = 256 * 1024;

const tooLarge = (): ApiProblem =>
  new ApiProblem('too-large', `The task is larger than ${MAX_TASK_SIZE / 1024} KiB.`, [
    {
      field: 'input',
      message: 'is too large',
      remedy: 'Upload the input with POST /uploads, and send its `inputKey`.',
    },
  ]);

/** Accepts a task. Throws `ApiProblem` if another request used the key, or if the session is full. */
export async function acceptOrThrow(ports: AcceptPorts, submission: Submission): Promise<Task> {
  const { outcome, task } = await acceptTask(ports, submission, 'resend');
  switch (outcome) {
    case 'created':
    case 'existing':
      return task;
    case 'key-reused':
      throw keyReused();
    case 'session-full':
      throw sessionFull(task);
  }
}

const sessionFull = ({ sessionId }: Task): ApiProblem =>
  new ApiProblem('conflict', `The session "${sessionId}" has too many waiting tasks.`, [
    {
      field: 'sessionId',
      message: 'has too many waiting tasks',
      remedy: 'Wait until some have ended, or use another session.',
    },
  ]);
