import { randomUUID } from 'node:crypto';
import { runAcceptedSchema, runViewSchema } from '#core/api/runs/messages.ts';
import { runOperations } from '#core/api/runs/operations.ts';
import type { TaskView } from '#core/api/tasks/messages.ts';
import type { ApiClient } from '#cli/api/client.ts';
import { untilInterrupted } from '#cli/tasks/submit.ts';
import { followTask } from '#cli/tasks/wait.ts';
import { stateWords } from '#cli/tasks/words.ts';
import type { Output } from '#cli/terminal/output.ts';
import { UserError } from '#cli/user-error.ts';
import type { ReviewInput } from '../agents/review-input.ts';
import { agentNameOf } from '../agents/names.ts';
import type { Unit } from '../change/units.ts';
import { reviewedPartSchema, SPECIALISTS, type Specialist } from '../findings/finding.ts';
import type { Part } from '../findings/review.ts';

/** One task: a specialist and what it reads. */
interface Order {
  readonly agent: Specialist;
  readonly unit: Unit;
}

export interface RunContext {
  readonly api: ApiClient;
  readonly notes: Output;
}

/** The specialists' tasks of a review, and what they cost. */
export interface RanReview {
  readonly parts: readonly Part[];
  readonly spent: { readonly tokens: number; readonly usd: number };
  /** Whether the simulated model answered. */
  readonly simulated: boolean;
}

const WAIT_SECONDS = 20;

/**
 * Lets all specialists read all units, as one run, and waits for them. Ctrl-C cancels the run.
 * @param about what is the same for all tasks
 * @param maxUsd limit of the whole, shared out evenly
 */
export async function runReview(
  context: RunContext,
  units: readonly Unit[],
  about: Omit<ReviewInput, 'files'>,
  maxUsd: number | undefined,
): Promise<RanReview> {
  const orders = units.flatMap((unit) => SPECIALISTS.map((agent): Order => ({ agent, unit })));
  if (orders.length === 0) return { parts: [], spent: { tokens: 0, usd: 0 }, simulated: false };
  const budget = maxUsd === undefined ? {} : { budget: { usd: maxUsd / orders.length } };
  const tasks = orders.map(({ agent, unit }) => ({
    agent: agentNameOf(agent),
    input: { ...about, files: unit },
    priority: 'high',
    ...budget,
  }));
  const body = { name: 'review', tasks };
  const run = await context.api.call(runOperations.submitRun, runAcceptedSchema, {
    body,
    idempotencyKey: randomUUID(),
  });
  const ids = run.items.map((item) => ('task' in item ? item.task.id : null));
  const rejected = run.items.find((item) => 'problem' in item);
  if (rejected !== undefined && 'problem' in rejected && ids.every((id) => id === null))
    throw new UserError(
      `The fleet rejected the review: ${rejected.problem.detail ?? rejected.problem.title}`,
      'See npm run fleet -- agents.',
      3,
    );
  try {
    return await followed(context, orders, ids);
  } catch (error) {
    await context.api.call(runOperations.cancelRun, runViewSchema, { params: { id: run.id } }).catch(() => undefined);
    throw error;
  }
}

async function followed(
  { api, notes }: RunContext,
  orders: readonly Order[],
  ids: readonly (string | null)[],
): Promise<RanReview> {
  let done = 0;
  const say = (): void => notes.progress(`Reviewing: ${done} of ${orders.length} parts read …`);
  say();
  const ended = await untilInterrupted(
    ids.filter((id) => id !== null),
    (signal) =>
      Promise.all(
        ids.map(async (id) => {
          if (id === null) return null;
          const task = await followTask(api, id, { signal, seconds: WAIT_SECONDS });
          done += 1;
          say();
          return task;
        }),
      ),
  );
  notes.progress('');
  const tasks = ended.filter((task) => task !== null);
  return {
    parts: orders.map((order, at) => partOf(order, ended[at] ?? null)),
    spent: {
      tokens: tasks.reduce((sum, { spent }) => sum + spent.tokens, 0),
      usd: tasks.reduce((sum, { spent }) => sum + spent.usd, 0),
    },
    simulated: tasks.some(({ model }) => model?.endsWith('-simulated') === true),
  };
}

function partOf({ agent, unit }: Order, task: TaskView | null): Part {
  if (task === null) return { agent, unit, output: null, reason: 'was rejected' };
  const output = task.status === 'succeeded' ? reviewedPartSchema.safeParse(task.output) : null;
  return output?.success === true
    ? { agent, unit, output: output.data }
    : { agent, unit, output: null, reason: stateWords(task) };
}
