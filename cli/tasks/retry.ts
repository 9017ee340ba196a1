import { z } from 'zod';
import { acceptedSchema, taskListQuerySchema, type TaskView } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import { runOperations } from '#core/api/runs/operations.ts';
import { runViewSchema } from '#core/api/runs/messages.ts';
import type { ApiContext } from '../api/api-command.ts';
import { requireAgent } from '../api/require-agent.ts';
import { parseOptions } from '../parse-options.ts';
import { count, dollars } from '../terminal/format.ts';
import { UserError, wrongUsage } from '../user-error.ts';
import { everyTask } from './every-task.ts';
import { timeOption } from './time-option.ts';

const optionsSchema = z.object({
  run: z.string().min(1).optional(),
  agent: taskListQuerySchema.shape.agent,
  from: timeOption.optional(),
  /** What 0.2 calls `from`. */
  since: timeOption.optional(),
  yes: z.boolean().default(false),
});

/** More than this needs --yes: the budgets of the tasks are what they may cost again. */
const MAX_UNCONFIRMED = { tasks: 100, usd: 50 };

/** `fleet retry`: starts failed tasks again, as new tasks. Each error names its task, and the others go on. */
export async function retryCommand(context: ApiContext, ids: readonly string[], raw: object): Promise<void> {
  const { run, agent, yes, since, from = since } = parseOptions(optionsSchema, raw, 'retry');
  const ways = [ids.length > 0, run !== undefined, agent !== undefined].filter(Boolean).length;
  if (ways !== 1) throw wrongUsage('Give task ids, --run or --agent.', 'See npm run fleet -- retry --help.');
  if ((agent === undefined) !== (from === undefined))
    throw wrongUsage(
      '--agent needs --from, and --from needs --agent.',
      'Example: npm run fleet -- retry --agent assistant --from 2h',
    );
  const wanted = ids.length > 0 ? ids : await failedTasks(context, { run, agent, from }, yes);
  return retryEach(context, wanted);
}

async function failedTasks(
  { api, notes }: ApiContext,
  { run, agent, from }: { run: string | undefined; agent: string | undefined; from: string | undefined },
  isConfirmed: boolean,
): Promise<readonly string[]> {
  if (agent !== undefined) await requireAgent(api, agent);
  // Throws when there is no such run.
  if (run !== undefined) await api.call(runOperations.getRun, runViewSchema, { params: { id: run } });
  const tasks = await everyTask(api, { runId: run, agent, from });
  const again = new Set(tasks.map(({ retryOf }) => retryOf));
  const failed = tasks.filter(({ id, status }) => status === 'failed' && !again.has(id));
  const usd = failed.reduce((sum, { budget }) => sum + budget.usd, 0);
  const what = `${count(failed.length, 'failed task')}, at most ${dollars(usd)} by their budgets`;
  const isMuch = failed.length > MAX_UNCONFIRMED.tasks || usd > MAX_UNCONFIRMED.usd;
  if (isMuch && !isConfirmed) throw wrongUsage(`That would retry ${what}.`, 'Confirm with --yes.');
  const cancelled = tasks.filter(({ id, status }) => status === 'cancelled' && !again.has(id));
  if (failed.length === 0 && cancelled.length > 0) notes.line(cancelledWords(cancelled, run));
  if (failed.length > 0) notes.line(`Retrying ${what}.`);
  // The oldest first, so that tasks of a session keep their order.
  return failed.map(({ id }) => id).toReversed();
}

const IDS_SHOWN = 10;

/** How to retry tasks that somebody cancelled on purpose: only by their ids, or as a run of documents. */
function cancelledWords(cancelled: readonly TaskView[], run: string | undefined): string {
  const ids = cancelled.slice(0, IDS_SHOWN).map(({ id }) => id);
  const more = cancelled.length > ids.length ? ' …' : '';
  const documents =
    run === undefined ? '' : `\nOf a run of documents: npm run fleet -- documents --retry-failed ${run}`;
  return `${count(cancelled.length, 'task')} ended as cancelled. Retry by id: npm run fleet -- retry ${ids.join(' ')}${more}${documents}`;
}

async function retryEach({ api, output, json }: ApiContext, ids: readonly string[]): Promise<void> {
  const retried: { task: string; retriedAs: string }[] = [];
  const rejected: { task: string; reason: string }[] = [];
  for (const id of ids) {
    try {
      const { id: retriedAs } = await api.call(taskOperations.retryTask, acceptedSchema, { params: { id } });
      retried.push({ task: id, retriedAs });
      output.line(`${id} → ${retriedAs}`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      rejected.push({ task: id, reason: error.message });
      output.line(`${id} was not retried: ${error.message} ${error.remedy}`);
    }
  }
  if (json) output.json({ retried, rejected });
  else if (ids.length === 0) output.line('No failed tasks that were not retried before.');
  else if (retried.length > 0)
    output.line(`Follow them: npm run fleet -- watch ${retried.map((each) => each.retriedAs).join(' ')}`);
  if (rejected.length > 0)
    throw new UserError(
      `${rejected.length} of ${count(ids.length, 'task')} ${rejected.length === 1 ? 'was' : 'were'} not retried.`,
      'See the reasons above.',
    );
}
