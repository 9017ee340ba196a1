import { z } from 'zod';
import { acceptedSchema, taskListQuerySchema, type TaskView } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import { runOperations } from '#core/api/runs/operations.ts';
import { runViewSchema } from '#core/api/runs/messages.ts';
import type { BulkFilterMessage } from '#core/api/bulk/messages.ts';
import type { ApiContext } from '../api/api-command.ts';
import { requireAgent } from '../api/require-agent.ts';
import { followAction } from '../bulk/follow.ts';
import { everyItem } from '../bulk/show.ts';
import { countTasks, requireConfirmed, startAction } from '../bulk/start.ts';
import { watchInterruption } from '../interruption.ts';
import { parseOptions } from '../parse-options.ts';
import { count } from '../terminal/format.ts';
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
  if (ids.length > 0) return printEach(context, await retryEach(context, ids));
  const filter = { agent, runId: run, since: from };
  return printEach(context, await retryMatching(context, filter, yes));
}

/** What became of the tasks. */
interface Retries {
  readonly retried: readonly { readonly task: string; readonly retriedAs: string }[];
  readonly rejected: readonly { readonly task: string; readonly reason: string }[];
}

/** Retries the failed tasks that match by one bulk action, which continues when this command dies. */
async function retryMatching(context: ApiContext, filter: BulkFilterMessage, isConfirmed: boolean): Promise<Retries> {
  const { api, notes } = context;
  const { agent, runId } = filter;
  if (agent !== undefined) await requireAgent(api, agent);
  // Throws when there is no such run.
  if (runId !== undefined) await api.call(runOperations.getRun, runViewSchema, { params: { id: runId } });
  const found = await countTasks(context, 'retry', filter);
  if (found.count === 0) {
    const cancelled = await everyTask(api, { runId, agent, from: filter.since, status: 'cancelled' });
    if (cancelled.length > 0) notes.line(cancelledWords(cancelled, runId));
    return { retried: [], rejected: [] };
  }
  requireConfirmed(found, isConfirmed);
  const { signal } = watchInterruption();
  const id = await startAction(context, 'retry', filter);
  await followAction(context, id, signal);
  const { items } = await everyItem(api, id);
  return {
    retried: items.flatMap(({ task, retriedAs }) => (retriedAs === undefined ? [] : [{ task, retriedAs }])),
    rejected: items.flatMap(({ task, retriedAs, reason = 'It was not reached.' }) =>
      retriedAs === undefined ? [{ task, reason }] : [],
    ),
  };
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

async function retryEach({ api }: ApiContext, ids: readonly string[]): Promise<Retries> {
  const retried: { task: string; retriedAs: string }[] = [];
  const rejected: { task: string; reason: string }[] = [];
  for (const id of ids) {
    try {
      const { id: retriedAs } = await api.call(taskOperations.retryTask, acceptedSchema, { params: { id } });
      retried.push({ task: id, retriedAs });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      rejected.push({ task: id, reason: `${error.message} ${error.remedy}` });
    }
  }
  return { retried, rejected };
}

function printEach({ output, json }: ApiContext, { retried, rejected }: Retries): void {
  const all = retried.length + rejected.length;
  for (const { task, retriedAs } of retried) output.line(`${task} → ${retriedAs}`);
  for (const { task, reason } of rejected) output.line(`${task} was not retried: ${reason}`);
  if (json) output.json({ retried, rejected });
  else if (all === 0) output.line('No failed tasks that were not retried before.');
  else if (retried.length > 0)
    output.line(`Follow them: npm run fleet -- watch ${retried.map((each) => each.retriedAs).join(' ')}`);
  if (rejected.length > 0)
    throw new UserError(
      `${rejected.length} of ${count(all, 'task')} ${rejected.length === 1 ? 'was' : 'were'} not retried.`,
      'See the reasons above.',
    );
}
