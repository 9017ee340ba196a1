import { ApiProblem } from '../api/http/problem.ts';
import type { Caller } from '../api/http/caller.ts';
import { cancelTask, type CancelPorts } from '../api/tasks/cancel-task.ts';
import { readTask } from '../api/tasks/get-task.ts';
import { retryTask, type RetryPorts } from '../api/tasks/retry-task.ts';
import { UnreadableRecord } from '../stored/record.ts';
import type { TaskId } from '../tasks/task-id.ts';
import { isTerminal } from '../tasks/task.ts';
import type { BulkAction, BulkItem } from './action.ts';

export type ActPorts = CancelPorts & RetryPorts;

/** Acts on one task. Doing it again changes nothing (A3). Throws if the store or a queue does not respond. */
export async function act(ports: ActPorts, action: BulkAction, id: TaskId): Promise<BulkItem> {
  try {
    return { task: id, ...(await outcomeOf(ports, action, id)) };
  } catch (error) {
    if (error instanceof UnreadableRecord) return { task: id, outcome: 'failed', reason: error.message };
    if (!(error instanceof ApiProblem) || error.kind === 'failed') throw error;
    const remedy = error.errors[0]?.remedy ?? '';
    const reason = [error.message, remedy].filter((words) => words !== '').join(' ');
    return { task: id, outcome: SKIPS.has(error.kind) ? 'skipped' : 'failed', reason };
  }
}

/** The task has changed since it was chosen, so there is nothing to do. */
const SKIPS: ReadonlySet<string> = new Set(['conflict', 'not-found']);

/** The caller as it was when the action was accepted. Revoking its key later does not stop the action. */
export const callerOf = ({ tenant, caller: { keyId, agents } }: BulkAction): Caller => ({
  tenant,
  keyId,
  agents,
  scopes: ['submit', 'operate'],
});

async function outcomeOf(ports: ActPorts, action: BulkAction, id: TaskId): Promise<Omit<BulkItem, 'task'>> {
  const caller = callerOf(action);
  if (action.kind !== 'cancel') return { outcome: 'done', retriedAs: (await retryTask(ports, caller, id)).id };
  const task = await readTask(ports.store, caller, id);
  const { state } = isTerminal(task.state) ? task : await cancelTask(ports, task);
  if (!isTerminal(state)) return { outcome: 'done' };
  // It may have been cancelled by this action before a crash.
  if (state.status === 'cancelled' && state.finishedAt >= action.createdAt) return { outcome: 'done' };
  return { outcome: 'skipped', reason: `The task has already ended: ${state.status}.` };
}
