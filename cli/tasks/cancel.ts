import { runViewSchema } from '#core/api/runs/messages.ts';
import { taskViewSchema } from '#core/api/tasks/messages.ts';
import { runOperations } from '#core/api/runs/operations.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import type { ApiContext } from '../api/api-command.ts';
import { requireKnownAgent } from '../api/require-agent.ts';
import { wrongUsage } from '../user-error.ts';
import { hasEnded } from '#client/wait.ts';
import { everyTask } from './every-task.ts';

export interface CancelOptions {
  readonly run?: string;
  readonly agent?: string;
}

/**
 * `fleet cancel`: cancels tasks by id, all tasks of a run, or all of an agent, also one that is no longer deployed. One at
 * a time, so that each error names its task.
 */
export async function cancelCommand(context: ApiContext, ids: readonly string[], { run, agent }: CancelOptions) {
  const given = [ids.length > 0, run !== undefined, agent !== undefined].filter(Boolean);
  if (given.length !== 1) throw wrongUsage('Give task ids or --run or --agent.', 'See npm run fleet -- cancel --help.');
  if (run !== undefined) return cancelRun(context, run);
  return cancelTasks(context, agent === undefined ? ids : await openTasks(context, agent));
}

/** The tasks of an agent that have not ended. */
async function openTasks({ api, output }: ApiContext, agent: string): Promise<readonly string[]> {
  const pages = [];
  for (const status of ['queued', 'running', 'parked']) pages.push(await everyTask(api, { agent, status }));
  // A task may have moved on between the lists.
  const ids = [...new Set(pages.flat().map(({ id }) => id))];
  if (ids.length === 0) await requireKnownAgent(api, agent);
  if (ids.length === 0) output.line(`No task of the agent ${agent} is open.`);
  return ids;
}

async function cancelTasks({ api, output, json }: ApiContext, ids: readonly string[]): Promise<void> {
  const tasks = [];
  for (const id of ids) {
    const task = await api.call(taskOperations.cancelTask, taskViewSchema, { params: { id } });
    tasks.push(task);
    if (task.status === 'cancelled') output.line(`${id} is cancelled.`);
    else output.line(hasEnded(task) ? `${id} has already ended: ${task.status}.` : `${id} ends within seconds.`);
  }
  if (json) output.json({ tasks });
}

async function cancelRun({ api, output, json }: ApiContext, id: string): Promise<void> {
  const run = await api.call(runOperations.cancelRun, runViewSchema, { params: { id } });
  if (json) return output.json(run);
  if (run.status === 'ended' && run.cancelled !== true) return output.line(`Run ${id} has already ended.`);
  output.line(`Tasks of run ${id} that have not ended are cancelled within seconds.`);
}
