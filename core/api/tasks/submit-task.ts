import { z } from 'zod';
import type { AgentCard } from '../../agents/agent-card.ts';
import type { Budget } from '../../budgets/budget.ts';
import { problemOf, type CallbackRules } from '../../callbacks/url.ts';
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
import { newTask, type Submission } from '../../tasks/submit.ts';
import { isTerminal, taskIdSchema, type Task, type TaskId } from '../../tasks/task.ts';
import { requireAgent, type Caller } from '../http/caller.ts';
import { findAgent, type AgentCatalogue } from '../fleet/catalogue.ts';
import { anotherBody } from '../http/idempotency.ts';
import type { TaskSubmission } from './messages.ts';
import { ApiProblem, invalid, type FieldError } from '../http/problem.ts';
import { checkEconomy, MIN_ECONOMY_MS, tooSoon } from './economy.ts';
import { uploadedInput } from '../uploads/rules.ts';

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
  const id = idempotencyKey === undefined ? named(ids.uuid()) : taskIdFor(ids, caller.tenant, idempotencyKey);
  const input = await inputOf(ports, caller, card, submission);
  return accept(ports, taskOf(ports, caller, card, submission, { id, digest, runId, ...input }));
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
export async function accept(
  ports: Pick<SubmitPorts, 'store' | 'sessions' | 'sessionPolicy' | 'queue' | 'clock'>,
  task: Task,
): Promise<Task> {
  const { created, task: kept } = await ports.store.create(task);
  if (!created && kept.request?.id !== task.request?.id) throw anotherBody();
  // A replay goes on where the first one may have broken off: neither step does harm when it is done again.
  if (isTerminal(kept.state)) return kept;
  if ((await enterSession(ports, kept)) === 'full') throw await refuseFull(ports, kept);
  // What waits for a batch needs no message.
  if (created && kept.state.status === 'queued') await ports.queue.send(kept).catch(() => undefined);
  return kept;
}

/** Not accepted after all: the task ends, so that nobody works on what was refused. */
async function refuseFull({ store, clock }: Pick<SubmitPorts, 'store' | 'clock'>, task: Task): Promise<ApiProblem> {
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
  named(ids.digest(JSON.stringify([tenant, idempotencyKey])));

const named = (unique: string): TaskId => taskIdSchema.parse(`task-${unique.replaceAll('-', '').slice(0, 32)}`);

function taskOf(
  { clock, callbackRules }: SubmitPorts,
  caller: Caller,
  card: AgentCard,
  submission: TaskSubmission,
  { id, digest, ...given }: { id: TaskId; digest: string } & Pick<Submission, 'runId' | 'input' | 'inputAt'>,
): Task {
  const now = clock.now();
  const { sessionId, system, callback, metadata, priority } = submission;
  return newTask(id, {
    tenant: caller.tenant,
    agent: card.name,
    agentVersion: card.version,
    priority,
    ...given,
    budget: budgetOf(card, submission.budget),
    createdAt: now,
    deadline: deadlineOf(card, submission, now),
    sessionId,
    system,
    callback: callbackOf(callback, callbackRules),
    metadata,
    request: { id: digest, retry: 0 },
  });
}

async function inputOf(ports: SubmitPorts, caller: Caller, card: AgentCard, submission: TaskSubmission) {
  const { instruction, input, inputKey } = submission;
  if (inputKey !== undefined) return uploadedInput(ports, caller, card, inputKey);
  // Whoever names an object could name another tenant's (I8).
  if (card.takesObject) throw takesObject(card);
  const given = instruction === undefined ? input : { instruction };
  const parsed = z.fromJSONSchema(card.inputSchema).safeParse(given);
  if (!parsed.success) throw misfit(card, parsed.error);
  return { input: given };
}

function misfit({ name }: AgentCard, error: z.ZodError): ApiProblem {
  const remedy = `Give it as the agent’s input schema says: ${name} in GET /agents.`;
  const errors = invalid(error, 'body').errors.map(({ field, message }): FieldError => ({
    field: field === 'body' ? 'input' : `input.${field}`,
    message,
    remedy,
  }));
  const what = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return new ApiProblem('cannot-accept', `The input does not fit the agent "${name}": ${what}.`, errors);
}

const takesObject = ({ name }: AgentCard): ApiProblem =>
  new ApiProblem('cannot-accept', `The agent "${name}" works on an uploaded file.`, [
    { field: 'inputKey', message: 'is missing', remedy: 'Upload the file by POST /uploads, and give its inputKey.' },
  ]);

/** Both limits of a task's budget may be lowered, and not raised: the agent's are its owner's word. */
function budgetOf({ name, budget }: AgentCard, wanted: TaskSubmission['budget']): Budget {
  const errors = (['tokens', 'usd'] as const).flatMap((limit): FieldError[] =>
    (wanted?.[limit] ?? 0) > budget[limit]
      ? [
          {
            field: `budget.${limit}`,
            message: `must be ${budget[limit]} or less, the limit of the agent ${name}`,
            remedy: 'Lower it, or have the agent’s budget raised in its definition.',
          },
        ]
      : [],
  );
  if (errors.length > 0) throw new ApiProblem('cannot-accept', 'The budget exceeds the agent’s.', errors);
  return { tokens: wanted?.tokens ?? budget.tokens, usd: wanted?.usd ?? budget.usd };
}

function callbackOf(callback: Task['callback'], rules: CallbackRules): Task['callback'] {
  const problem = callback && problemOf(callback.url, rules);
  if (problem === null || problem === undefined) return callback;
  throw new ApiProblem('cannot-accept', `callback.url: ${problem}.`, [
    { field: 'callback.url', message: problem, remedy: 'Give the public https URL of your receiver.' },
  ]);
}

const MAX_DEADLINE_MS = 7 * 86_400_000;

function deadlineOf(
  card: AgentCard,
  { deadline: wanted, priority }: Pick<TaskSubmission, 'deadline' | 'priority'>,
  now: number,
): number {
  const shortest = priority === 'economy' ? MIN_ECONOMY_MS : 0;
  if (wanted === undefined) return now + Math.max(card.deadline * 1_000, shortest);
  const at = Date.parse(wanted);
  if (at > now && at < now + shortest) throw tooSoon();
  if (at > now && at <= now + MAX_DEADLINE_MS) return at;
  throw new ApiProblem('cannot-accept', 'The deadline is out of range.', [
    {
      field: 'deadline',
      message: at > now ? 'is more than 7 days away' : 'has passed',
      remedy: 'Give a time within the next 7 days.',
    },
  ]);
}
