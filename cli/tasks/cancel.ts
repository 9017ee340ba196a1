import { runViewSchema } from '#core/api/runs/messages.ts';
import { taskViewSchema } from '#core/api/tasks/messages.ts';
import { runOperations } from '#core/api/runs/operations.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import type { ApiContext } from '../api/api-command.ts';
import { wrongUsage } from '../user-error.ts';
import { hasEnded } from '#client/wait.ts';

/** `fleet cancel`: cancels tasks by id, or all tasks of a run. One at a time, so that each error names its task. */
export async function cancelCommand(context: ApiContext, ids: readonly string[], run: string | undefined) {
  const { api, output, json } = context;
  if ((ids.length === 0) === (run === undefined))
    throw wrongUsage('Give task ids or --run.', 'See npm run fleet -- cancel --help.');
  if (run !== undefined) return cancelRun(context, run);
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
