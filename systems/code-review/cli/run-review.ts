import { acceptedSchema, taskPageSchema, taskViewSchema, type TaskView } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import type { ApiClient } from '#cli/api/client.ts';
import { newKeyFor } from '#cli/api/new-key.ts';
import type { Target } from '#cli/api/target.ts';
import { untilInterrupted } from '#cli/tasks/submit.ts';
import { followTask } from '#cli/tasks/wait.ts';
import { stateWords } from '#cli/tasks/words.ts';
import type { Output } from '#cli/terminal/output.ts';
import { Interrupted, UserError } from '#cli/user-error.ts';
import { SUPERVISOR } from '../agents/names.ts';
import { ordersOf } from '../agents/orders.ts';
import { partsOf } from '../agents/parts-of.ts';
import type { AboutChange, ChangeInput } from '../agents/review-input.ts';
import type { Unit } from '../change/units.ts';
import { doubtsSchema, type Doubts } from '../findings/doubts.ts';
import type { Part } from '../findings/review.ts';
import { inputFields } from './upload-input.ts';

export interface RunContext {
  readonly api: ApiClient;
  readonly target: Target;
  readonly notes: Output;
}

/** What the specialists and the supervisor answered, and what it cost. */
export interface RanReview {
  readonly parts: readonly Part[];
  readonly supervised: Doubts | null;
  readonly spent: { readonly tokens: number; readonly usd: number };
  /** Whether the simulated model answered. */
  readonly simulated: boolean;
}

/** Seconds that one read waits: progress is shown that often. */
const WAIT_SECONDS = 2;
/** Tasks that are read at the same time. */
const READS = 10;

/**
 * Lets the supervisor review the units, and waits for it. Ctrl-C cancels the review. What the specialists found counts
 * even if the supervisor itself fails.
 * @param about what is the same for all units
 * @param maxUsd limit of the whole review
 */
export async function runReview(
  context: RunContext,
  units: readonly Unit[],
  about: AboutChange,
  maxUsd: number | undefined,
): Promise<RanReview> {
  const { api, target } = context;
  const input: ChangeInput = { ...about, units: [...units] };
  const budget = maxUsd === undefined ? {} : { budget: { usd: maxUsd } };
  const body = { agent: SUPERVISOR.name, priority: 'high', ...(await inputFields(api, input)), ...budget };
  const { id } = await api.call(taskOperations.submitTask, acceptedSchema, { body, idempotencyKey: newKeyFor(target) });
  try {
    const task = await followed(context, id, ordersOf(units).length);
    return await ranReview(api, task, input);
  } catch (error) {
    await api.call(taskOperations.cancelTask, taskViewSchema, { params: { id } }).catch(() => undefined);
    if (error instanceof Interrupted)
      throw new UserError('Interrupted: the review is cancelled.', 'Run the command again to start over.', 3);
    throw error;
  }
}

async function followed({ api, notes }: RunContext, id: string, parts: number): Promise<TaskView> {
  const say = (done: number): void => notes.progress(`Reviewing: ${done} of ${parts} parts read …`);
  say(0);
  const onSame = async (): Promise<void> => {
    const query = { parent: id, status: 'succeeded', limit: 100 };
    const page = await api.call(taskOperations.listTasks, taskPageSchema, { query }).catch(() => null);
    if (page !== null) say(page.tasks.length);
  };
  const task = await untilInterrupted([id], (signal) => followTask(api, id, { signal, seconds: WAIT_SECONDS, onSame }));
  notes.progress('');
  return task;
}

async function ranReview(api: ApiClient, task: TaskView, input: ChangeInput): Promise<RanReview> {
  const children = await readAll(api, task.children ?? []);
  const answer = task.status === 'succeeded' ? doubtsSchema.safeParse(task.output) : null;
  const { usd, tokens, delegated } = task.spent;
  return {
    parts: partsOf(input, children, (child) => whyNot(child, task)),
    supervised: answer?.success === true ? answer.data : null,
    spent: { tokens: tokens + (delegated?.tokens ?? 0), usd: usd + (delegated?.usd ?? 0) },
    simulated: [task, ...children].some(({ model }) => model?.endsWith('-simulated') === true),
  };
}

/** Why a part was not read. A supervisor that succeeded without having begun it could not pay for it. */
const whyNot = (child: TaskView | undefined, supervisor: TaskView): string =>
  child === undefined && supervisor.status === 'succeeded'
    ? 'not begun: the budget of the review does not pay for it'
    : stateWords(child ?? supervisor);

async function readAll(api: ApiClient, ids: readonly string[]): Promise<TaskView[]> {
  const tasks: TaskView[] = [];
  for (let at = 0; at < ids.length; at += READS) {
    const some = ids
      .slice(at, at + READS)
      .map((id) => api.call(taskOperations.getTask, taskViewSchema, { params: { id } }));
    tasks.push(...(await Promise.all(some)));
  }
  return tasks;
}
