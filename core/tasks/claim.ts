import { advance, refused, type Decision } from './transition.ts';
import { DIED, errorOf } from './last-error.ts';
import { isFreed } from './park-cause.ts';
import { isTerminal, type RunningState, type Task, type Worker } from './task.ts';

/** How long a claim holds without being renewed: as long as the message stays hidden. */
export const LEASE_MS = 15_000;
/** A live worker renews this often, so that two lost renewals do not cost it the task. */
export const RENEW_EVERY_MS = 5_000;
/** A task that has outlived this many workers is probably what crashes them. */
export const MAX_CRASHES = 8;

/**
 * Claims a task that is queued, parked and due, waiting to be freed, or whose lease ran out. Increments the epoch (I2).
 * A reservation left by a dead worker stays until the new holder has checked whether that call's step was written.
 * @param worker for people, where it is known
 */
export function claim(task: Task, holder: string, now: number, worker?: Worker): Decision {
  const { state } = task;
  if (isTerminal(state)) return refused(task, 'finished');
  // The call is already in a batch, so a message changes nothing.
  if (state.status === 'parked' && state.cause === 'batch') return refused(task, 'not-due');
  // A task that waits to be freed may be claimed on any message. The gate after the claim decides.
  if (state.status === 'parked' && !isFreed(state) && now < state.until) return refused(task, 'not-due');
  if (state.status === 'running' && now < state.leaseUntil) return refused(task, 'leased');
  const cancelRequested = state.status === 'running' && state.cancelRequested;
  return advance(task, {
    epoch: task.epoch + 1,
    crashes: task.crashes + (state.status === 'running' ? 1 : 0),
    ...(state.status === 'running' ? { lastError: errorOf(task, DIED, state.leaseUntil) } : {}),
    worker,
    state: { ...ofHolder(state), status: 'running', holder, since: now, leaseUntil: now + LEASE_MS, cancelRequested },
  });
}

/** Applies a change for the holder of the newest epoch, and refuses it for everyone else (I2). */
export function held(task: Task, epoch: number, change: (task: Task) => Decision): Decision {
  if (isTerminal(task.state)) return refused(task, 'finished');
  if (task.epoch !== epoch || task.state.status !== 'running') return refused(task, 'stale-epoch');
  return change(task);
}

/** Renews the lease of a claim. */
export function renew(task: Task, epoch: number, now: number): Decision {
  return held(task, epoch, (mine) =>
    mine.state.status === 'running' ? advance(mine, { state: leased(mine.state, now) }) : refused(mine, 'stale-epoch'),
  );
}

/** The holder's claim with a fresh lease. Drops what was recorded when the old lease ran out. */
export function leased(state: RunningState, now: number): RunningState {
  const { resent: _, ...claimed } = state;
  return { ...claimed, leaseUntil: now + LEASE_MS };
}

/** What a later claim keeps of the one before: the fields that only a newer release knows. */
function ofHolder(state: Task['state']): object {
  if (state.status !== 'running') return {};
  const { resent: _, ...claimed } = state;
  return claimed;
}
