import type { Artifacts } from '../ports/artifacts.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReportEvent } from '../ports/events.ts';
import { claim } from '../tasks/claim.ts';
import type { Task, Worker } from '../tasks/task.ts';
import { refused, type Transition } from '../tasks/transition.ts';
import type { WorkItem } from './work-item.ts';

/** A claim that is decided. The task's next write, which is its first, has it in it. */
export interface OwedClaim {
  /** The task as it was read. */
  readonly found: Task;
  /** The task as its worker sees it. */
  readonly claimed: Task;
  readonly commit: Transition;
}

/**
 * Whether a claim may be owed. A worker that dies before the first write leaves no crash on the task, so this happens at
 * most once for a message: when it is delivered first, and only for a task that nobody has claimed or sent again.
 */
export const mayOweClaim = ({ isFirst = false }: WorkItem, { epoch, state, deadline }: Task, now: number): boolean =>
  isFirst && epoch === 0 && state.status === 'queued' && state.resends === undefined && now < deadline;

/**
 * Decides a claim without writing it. It applies while nobody else has claimed the task since it was read, and its deadline
 * has not passed. A claim whose answer was lost is recognised by its holder.
 */
export function owedClaim(
  { clock }: { readonly clock: Clock },
  found: Task,
  holder: string,
  worker?: Worker,
): OwedClaim {
  const epoch = found.epoch + 1;
  const commit: Transition = (task) => {
    const { state } = task;
    if (state.status === 'running' && state.holder === holder && task.epoch === epoch)
      return refused(task, 'unchanged');
    const now = clock.now();
    const isStale = task.epoch !== found.epoch || now >= task.deadline;
    return isStale ? refused(task, 'stale-epoch') : claim(task, holder, now, worker);
  };
  return { found, claimed: commit(found).task, commit };
}

/** Reports a claim that is written. @param claimed as it was decided */
export function reportClaim({ report }: { readonly report: ReportEvent }, claimed: Task): void {
  const { state, epoch, createdAt } = claimed;
  const claimedAt = state.status === 'running' ? (state.since ?? createdAt) : createdAt;
  report(claimed, { type: 'task.claimed', epoch, waitedMs: claimedAt - createdAt });
}

/** Artifacts that are read once the claim is written: so a crash that an object causes is always counted. */
export const afterClaim = (artifacts: Artifacts, handle: { writeClaim(): Promise<void> }): Artifacts => ({
  ...artifacts,
  async get(ref) {
    await handle.writeClaim();
    return artifacts.get(ref);
  },
});
