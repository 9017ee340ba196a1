import type { CallbackRules } from '../../callbacks/url.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ids } from '../../ports/ids.ts';
import type { TaskQueue } from '../../ports/task-queue.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import type { Uploads } from '../../ports/uploads.ts';
import type { SessionStore } from '../../ports/session-store.ts';
import { enterSession } from '../../sessions/order.ts';
import type { SessionPolicy } from '../../sessions/session.ts';
import { apply } from '../../tasks/apply.ts';
import { cancel } from '../../tasks/finish.ts';
import { isTerminal, taskIdSchema, type Task, type TaskId } from '../../tasks/task.ts';
import { requireAgent, type Caller } from '../http/caller.ts';
import { findAgent, type AgentCatalogue } from '../fleet/catalogue.ts';
import { keyReused } from '../http/idempotency.ts';
import type { TaskSubmission } from './messages.ts';
import { ApiProblem } from '../http/problem.ts';
import { buildTask } from './build-task.ts';
import { checkEconomy } from './economy.ts';
import { inputOf } from './task-input.ts';

export interface SubmitPorts {
  readonly store: TaskStore;
  readonly sessions: SessionStore;
  /** For a session that begins here. @default 20,000 tokens, one hour */
  readonly sessionPolicy?: SessionPolicy | undefined;
  readonly queue: TaskQueue;
  readonly agents: AgentCatalogue;
  readonly callbackRules: CallbackRules;
  /** Where inputs may have been uploaded to. @default nowhere: an `inputKey` leads to nothing */
  readonly uploads?: Uploads;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** What the client says beside the task itself. */
export interface SubmitOptions {
  /** Equal keys of a tenant are the same task (I10). @default none: each submission is a task of its own */
  readonly idempotencyKey?: string | undefined;
  readonly runId?: string | undefined;
}

/**
 * Accepts a task: puts its item, then sends its id. Once the item is there it is accepted; a message that could not be
 * sent is the sweeper's business, within two minutes. The same key gives the same task, whatever became of it; another
 * body under it is refused. Throws `ApiProblem`.
 */
export async function submitTask(
  ports: SubmitPorts,
  caller: Caller,
  submission: TaskSubmission,
  { idempotencyKey, runId }: SubmitOptions,
): Promise<Task> {
  requireAgent(caller, submission.agent);
  const card = findAgent(ports.agents, submission.agent);
  if (submission.priority === 'economy') checkEconomy(card, submission);
  const text = JSON.stringify([submission, runId ?? null]);
  if (new TextEncoder().encode(text).length > MAX_TASK_SIZE) throw tooLarge();
  const digest = ports.ids.digest(text);
  const { ids } = ports;
  const id = idempotencyKey === undefined ? idOf(ids.uuid()) : taskIdFor(ids, caller.tenant, idempotencyKey);
  const input = await inputOf(ports, caller, card, submission);
  return acceptTask(ports, buildTask(ports, caller, card, submission, { id, digest, runId, ...input }));
}

/**
 * Largest task in bytes, as JSON. Its item takes 390 KiB at most, compressed, and its output has to find room there too.
 */
const MAX_TASK_SIZE = 256 * 1024;

const tooLarge = (): ApiProblem =>
  new ApiProblem('too-large', `The task is larger than ${MAX_TASK_SIZE / 1024} KiB.`, [
    { field: 'input', message: 'is too large', remedy: 'Upload it by POST /uploads, and give its inputKey.' },
  ]);

/**
 * Accepts a task as it is: puts it if its id is free, lets it into its session, sends its id. Throws `ApiProblem` where
 * another request's task has the id, and where the session is full.
 */
export async function acceptTask(
  ports: Pick<SubmitPorts, 'store' | 'sessions' | 'sessionPolicy' | 'queue' | 'clock'>,
  task: Task,
): Promise<Task> {
  const { created, task: kept } = await ports.store.create(task);
  if (!created && kept.request?.id !== task.request?.id) throw keyReused();
  // A replay goes on where the first one may have broken off: neither step does harm when it is done again.
  if (isTerminal(kept.state)) return kept;
  if ((await enterSession(ports, kept)) === 'full') throw await endRefused(ports, kept);
  // What waits for a batch needs no message.
  if (created && kept.state.status === 'queued') await ports.queue.send(kept).catch(() => undefined);
  return kept;
}

/** Not accepted after all: the task ends, so that nobody works on what was refused. */
async function endRefused({ store, clock }: Pick<SubmitPorts, 'store' | 'clock'>, task: Task): Promise<ApiProblem> {
  await apply(store, task, (current) => cancel(current, clock.now()));
  return new ApiProblem('conflict', `The session "${task.sessionId}" has too many tasks waiting.`, [
    {
      field: 'sessionId',
      message: 'has too many tasks waiting',
      remedy: 'Wait for some of them, or use another session.',
    },
  ]);
}

/** The id for a key: the same in every region, so that a retry that lands in another one finds the same task. */
export const taskIdFor = (ids: Ids, tenant: string, idempotencyKey: string): TaskId =>
  idOf(ids.digest(JSON.stringify([tenant, idempotencyKey])));

const idOf = (unique: string): TaskId => taskIdSchema.parse(`task-${unique.replaceAll('-', '').slice(0, 32)}`);
