import { roundUsd } from '../models/price.ts';
import { treeCostOf } from '../tasks/cost.ts';
import { chargeReservation } from '../tasks/reservation.ts';
import { isTerminal, stateSchema, type Task } from '../tasks/task.ts';
import { isOfEarlierTask, type PledgeValue } from './pledge.ts';

/**
 * Part of a task's budget that its first home may spend without a pledge, so that most tasks never wait for another
 * region before a call. Whoever takes over counts it as spent.
 */
const FREE_SHARE = 0.25;

/** Claims under one epoch of a home. A claim's number is unique over all epochs, and so are the keys of steps. */
const CLAIMS_PER_EPOCH = 2 ** 20;

/** What a task may have spent without a further pledge, in US dollars. */
const allowanceOf = ({ budget }: Pick<Task, 'budget'>, pledged: number): number =>
  Math.max(pledged, budget.usd * FREE_SHARE);

/**
 * What to pledge before a task is written: its end, or a limit above what it may spend by then. Null if what was pledged is
 * enough. Limits are rounded up to shares, so that few calls wait for another region.
 * @param pledged what was pledged under this epoch of the home, in US dollars
 */
export function pledgeBefore(next: Task, isFirstEpoch: boolean, pledged: number): PledgeValue | null {
  const spent = treeCostOf(next).usd;
  if (isTerminal(next.state)) {
    const end = { ...next.state, notified: false };
    return { mayHaveSpent: spent, end, version: next.version };
  }
  const needed = spent + (next.reservation?.usd ?? 0);
  if (needed === 0 || needed <= (isFirstEpoch ? allowanceOf(next, pledged) : pledged)) return null;
  const share = next.budget.usd * FREE_SHARE;
  return { mayHaveSpent: Math.max(needed, Math.min(next.budget.usd, Math.ceil(needed / share) * share)) };
}

/**
 * A task as a region adopts it under a new epoch of its home. What earlier epochs may have done and nobody here has seen
 * counts as done: their end is kept (I1), and what they may have spent is charged (I4). A call that lies in a batch keeps its
 * reservation, since its answer can still be fetched.
 */
export function adopted(task: Task, epoch: number, found: PledgeValue, now: number): Task {
  const isInBatch = task.batch !== undefined && task.state.status === 'parked' && found.end === undefined;
  const charged = isInBatch ? task : chargeReservation(task);
  const seen = treeCostOf(charged).usd + (charged.reservation?.usd ?? 0);
  const unseen = roundUsd(Math.max(0, allowanceOf(task, found.mayHaveSpent) - seen));
  const lost = { ...charged.spend.lost, usd: roundUsd(charged.spend.lost.usd + unseen) };
  const next: Task = {
    ...charged,
    epoch: epoch * CLAIMS_PER_EPOCH,
    spend: { ...charged.spend, lost },
    version: task.version + 1,
    // A task that was cancelled in its batch, and has no end now, is queued: the batch's answer is none of its steps.
    batch: isInBatch ? task.batch : undefined,
  };
  if (found.end !== undefined && !isOfEarlierTask(found.end, task))
    return { ...next, state: stateSchema.parse(found.end) };
  // An end that no two tables hold was never announced, so the last steps run again.
  if (isTerminal(task.state) || task.state.status === 'running')
    return { ...next, state: { status: 'queued', since: now } };
  return next;
}
