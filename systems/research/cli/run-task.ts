import { createHash } from 'node:crypto';
import { acceptedSchema, taskViewSchema, type TaskView } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import { CATALOGUE, type Tier } from '#core/models/catalogue.ts';
import { priceFor } from '#core/models/price.ts';
import { utf8Length } from '#core/text/utf8-length.ts';
import type { ApiClient } from '#cli/api/client.ts';
import { followTask } from '#cli/tasks/wait.ts';
import { stateWords } from '#cli/tasks/words.ts';
import type { Answered } from '../night/ports.ts';
import type { Ledger } from './ledger.ts';

export interface TaskRunner {
  readonly api: ApiClient;
  readonly ledger: Ledger;
  /** Whether there is a limit. Without one each task has its agent's budget. */
  readonly isLimited: boolean;
  /** When the command started: older tasks are reused, and are paid already. */
  readonly since: number;
}

/** What a task may cost at most. */
export interface Order {
  readonly agent: string;
  readonly version: string;
  readonly tier: Tier;
  readonly input: object;
  readonly maxOutputTokens: number;
}

/** Instructions, schema and what the provider adds. */
const OVERHEAD_TOKENS = 4_000;
/** Calls of a task: the second repairs the answer, and reads the first one again. */
const CALLS = 2;
/** One read waits this long for the end. */
const WAIT_SECONDS = 10;
/** A task that failed in an earlier run of the same night is tried again. */
const MAX_ATTEMPTS = 10;

/** The most that a task costs: two bytes of a text make at most one token in practice; the worker refuses what costs more. */
export function worstCaseUsd({ tier, input, maxOutputTokens }: Order): number {
  const tokens = OVERHEAD_TOKENS + utf8Length(JSON.stringify(input)) / 2;
  const price = priceFor(CATALOGUE, CATALOGUE.tiers[tier], tokens);
  const usd = (CALLS * (tokens * Math.max(price.input, price.cacheWrite) + maxOutputTokens * price.output)) / 1e6;
  return Math.ceil(usd * 1e6) / 1e6;
}

/**
 * Lets an agent answer. The same order is the same task, also in a later run, so that no finished call is paid twice.
 * What does not succeed is unchecked, with the reason.
 */
export async function runTask(runner: TaskRunner, order: Order, signal: AbortSignal): Promise<Answered<unknown>> {
  const most = worstCaseUsd(order);
  if (!(await runner.ledger.reserve(most)))
    return { state: 'unchecked', reason: 'the limit of --max-usd does not pay for it', usd: 0 };
  let usd = 0;
  try {
    const task = await attempt(runner, order, most, signal);
    const isPaid = Date.parse(task.createdAt) < runner.since;
    usd = isPaid ? 0 : task.spent.usd;
    if (task.status !== 'succeeded') return { state: 'unchecked', reason: stateWords(task), usd };
    return { state: 'answered', output: task.output, usd, warnings: task.warnings ?? [] };
  } catch (error) {
    // The task may be in work, and spend all of it.
    usd = most;
    throw error;
  } finally {
    runner.ledger.settle(most, usd);
  }
}

async function attempt(runner: TaskRunner, order: Order, usd: number, signal: AbortSignal): Promise<TaskView> {
  const { agent, version, input } = order;
  const budget = runner.isLimited ? { budget: { usd } } : {};
  const digest = createHash('sha256')
    .update(JSON.stringify([agent, version, input, budget]))
    .digest('hex')
    .slice(0, 40);
  for (let number = 1; ; number += 1) {
    const task = await ended(runner, { agent, input, ...budget }, `research-${digest}-${number}`, signal);
    const isOld = Date.parse(task.createdAt) < runner.since;
    if (task.status === 'succeeded' || !isOld || number === MAX_ATTEMPTS) return task;
  }
}

async function ended(
  { api }: TaskRunner,
  body: object,
  idempotencyKey: string,
  signal: AbortSignal,
): Promise<TaskView> {
  signal.throwIfAborted();
  const { id } = await api.call(taskOperations.submitTask, acceptedSchema, { body, idempotencyKey });
  try {
    return await followTask(api, id, { signal, seconds: WAIT_SECONDS });
  } catch (error) {
    if (signal.aborted)
      await api.call(taskOperations.cancelTask, taskViewSchema, { params: { id } }).catch(() => undefined);
    throw error;
  }
}
