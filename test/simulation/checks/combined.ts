import type { Task } from '#core/tasks/task.ts';
import type { Actor } from '../world/actor.ts';
import { checkOwed } from './fencing.ts';
import { isTerminal, same, type History } from './history.ts';

/** A write that does several things at once is judged as if they were done one after the other. */
export function partsOf(history: History, before: Task, after: Task, by: Actor): readonly Task[] {
  const claim = owedClaim(before, after);
  if (claim.length > 0) checkOwed(history, by);
  const [held = before] = claim;
  return [...claim, ...committed(history, held, after), ...unnoted(held, after), after];
}

/**
 * A claim that is written with what comes next, such as the reservation of the first call: the claim first. What a claim does
 * is written down here once more. A task that waits for its agent version is claimed and given up in one: see I2.1.
 */
function owedClaim(before: Task, after: Task): readonly Task[] {
  const { state } = after;
  const isClaim = before.state.status === 'queued' && after.epoch > before.epoch;
  const isAlone =
    state.status === 'running' &&
    same(after.reservation, before.reservation) &&
    after.steps.length === before.steps.length;
  const isGivenUp = state.status === 'parked' && state.detail === 'agent-version';
  if (!isClaim || isAlone || isGivenUp) return [];
  const since = claimTime(state);
  const holder = { status: 'running', holder: 'unknown', since, leaseUntil: since, cancelRequested: false } as const;
  const { epoch, worker } = after;
  return [{ ...before, epoch, worker, state: state.status === 'running' ? state : holder }];
}

/** By the clock of whoever wrote it. */
function claimTime(state: Task['state']): number {
  if ('finishedAt' in state) return state.finishedAt;
  return state.since ?? 0;
}

/** An end that is written as notified: the end first. */
function unnoted({ state: before }: Task, after: Task): readonly Task[] {
  const { state } = after;
  if (isTerminal(before) || !('notified' in state) || !state.notified) return [];
  return [{ ...after, state: { ...state, notified: false } }];
}

/**
 * A step that is committed with what comes next, such as the end of the task: the commit first. What a commit does is
 * written down here once more: the step counts, the attempts begin anew, nothing is reserved, and the chain of the audit
 * trail ends with a tool's outcome.
 */
function committed({ steps: written }: History, before: Task, after: Task): readonly Task[] {
  const index = before.steps.length;
  const isAlone =
    after.state.status === 'running' &&
    after.reservation === null &&
    (after.delegation === undefined || before.delegation !== undefined);
  if (after.steps.length !== index + 1 || isAlone || before.state.status !== 'running') return [];
  const step = written.get(`${index}/${after.steps[index]}`);
  const { audit, lastStep: _, delegation: _begun, ...rest } = after;
  const announced = audit?.announced;
  const head = announced === undefined ? audit : { hash: announced.previous };
  const own = step?.kind === 'tool' ? head : before.audit;
  return [
    {
      ...rest,
      ...(own !== undefined && { audit: own }),
      ...(before.delegation !== undefined && { delegation: before.delegation }),
      attempts: 0,
      // Nothing is lost by a commit.
      spend: { ...after.spend, lost: before.spend.lost },
      reservation: null,
      slot: undefined,
      state: before.state,
    },
  ];
}
