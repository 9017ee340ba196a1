import type { Caller } from '../api/http/caller.ts';
import { isRetryable } from '../api/tasks/retry-id.ts';
import { causeOf } from '../tasks/park-cause.ts';
import { isDeadLetter, isTerminal, type Task } from '../tasks/task.ts';
import type { BulkKind } from './action.ts';

/** Which tasks of a tenant a bulk action is for. All given fields must match. Times are milliseconds since 1970. */
export interface BulkFilter {
  readonly tasks?: readonly string[] | undefined;
  readonly agent?: string | undefined;
  readonly status?: Task['state']['status'] | undefined;
  readonly runId?: string | undefined;
  readonly cause?: string | undefined;
  /** Accepted at or after. */
  readonly since?: number | undefined;
  /** Accepted before. */
  readonly until?: number | undefined;
}

/** The statuses that an action can choose from. */
export const STATUSES: Readonly<Record<BulkKind, readonly Task['state']['status'][]>> = {
  cancel: ['queued', 'running', 'parked'],
  retry: ['failed', 'cancelled'],
  redrive: ['failed'],
};

/** Why a task waits or failed: the cause of a parked task, or the kind of a failure. */
export function causeOfTask({ state }: Pick<Task, 'state'>): string | undefined {
  if (state.status === 'parked') return causeOf(state);
  return state.status === 'failed' ? state.failure.kind : undefined;
}

/** Whether an action of this caller and kind is for a task. */
export function isWanted(task: Task, { tenant, agents }: Caller, kind: BulkKind, filter: BulkFilter): boolean {
  const { agent, status, runId, cause, since = 0, until = Infinity } = filter;
  return (
    task.tenant === tenant &&
    (agents === null || agents.includes(task.agent)) &&
    (agent === undefined || task.agent === agent) &&
    (runId === undefined || task.runId === runId) &&
    (cause === undefined || causeOfTask(task) === cause) &&
    task.createdAt >= since &&
    task.createdAt < until &&
    isEligible(task, kind, status)
  );
}

/** A task that somebody cancelled on purpose is retried only where the filter names it or its status. */
function isEligible(task: Task, kind: BulkKind, status: BulkFilter['status']): boolean {
  if (status !== undefined && task.state.status !== status) return false;
  if (kind === 'cancel') return !isTerminal(task.state);
  if (kind === 'redrive') return isDeadLetter(task);
  return isRetryable(task) && (status !== undefined || task.state.status === 'failed');
}
