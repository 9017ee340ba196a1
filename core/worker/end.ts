import { announceEnd, unheard } from '../ending/notify.ts';
import { backoffMs, MAX_ATTEMPTS } from '../failures/backoff.ts';
import { FailureError, type Failure } from '../failures/failure.ts';
import { escalate, fail, honourCancel, succeed } from '../tasks/finish.ts';
import { withError } from '../tasks/last-error.ts';
import { park, withDetail, withSlot } from '../tasks/progress.ts';
import { isAlone } from '../sessions/session.ts';
import { causeOf, isFreed } from '../tasks/park-cause.ts';
import type { ParkedState, Task } from '../tasks/task.ts';
import type { Decision } from '../tasks/transition.ts';
import type { WorkerPorts } from './ports.ts';
import type { TaskHandle } from './task-handle.ts';
import type { TurnEnd } from './turn-end.ts';

/** SQS delays a message by at most 15 minutes. The sweeper sends later ones. */
const MAX_DELAY_MS = 900_000;
/** How long to wait when the provider throttles without `retry-after`. */
const THROTTLE_MS = 5_000;

/** Ends or parks a task after its turn, and sends what follows from it. */
export async function endOrPark(ports: WorkerPorts, handle: TaskHandle, end: TurnEnd): Promise<void> {
  const now = ports.clock.now();
  const random = end.kind === 'failed' ? ports.ids.random() : 0;
  const task = await concluded(handle, end, { now, random });
  if (task.state.status === 'parked') await sendLater(ports, task, task.state, reasonOf(end));
  else await announceEnd(ports, task, { count: (ended) => handle.usage.ended(ended), session: handle.session });
  if (end.kind === 'waits') await end.recheck?.();
}

/** Writes the end or the wait. What can never be written, such as too large an output, fails the task instead. */
async function concluded(handle: TaskHandle, end: TurnEnd, moment: Moment): Promise<Task> {
  const write = (as: TurnEnd) =>
    handle.conclude((current) => unheard(decide(current, handle.epoch, as, moment), isAlone(handle, moment.now)));
  try {
    return await write(end);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return write({ kind: 'failed', failure: error.failure });
  }
}

interface Moment {
  readonly now: number;
  /** Uniform in [0, 1). */
  readonly random: number;
}

/** The one place where each way to end a turn is handled. A request to cancel ends a task that would be parked. */
function decide(task: Task, epoch: number, end: TurnEnd, moment: Moment): Decision {
  const { now } = moment;
  switch (end.kind) {
    case 'succeeded':
      return succeed(task, epoch, end, now);
    case 'escalated':
      return escalate(task, epoch, end, now);
    case 'cancelled':
      return honourCancel(task, epoch, now);
    case 'waits': {
      const { cause, detail, until, slot } = end.wait;
      return withSlot(withDetail(park(task, epoch, cause, Math.min(until, task.deadline), now), detail), slot);
    }
    case 'failed':
      return afterFailure(task, epoch, end.failure, moment);
  }
}

function afterFailure(task: Task, epoch: number, failure: Failure, { now, random }: Moment): Decision {
  switch (failure.kind) {
    case 'throttled': {
      // Jitter on top of the requested wait, so that tasks do not return all at once.
      const delayMs = Math.round((failure.retryAfterMs ?? THROTTLE_MS) * (1 + random / 4));
      return park(task, epoch, 'throttled', Math.min(now + delayMs, task.deadline), now);
    }
    case 'transient': {
      // Decided on the newest state: a step that counts, though the answer to that write was lost, has reset the attempts.
      const attempt = task.attempts + 1;
      if (attempt >= MAX_ATTEMPTS) return fail(task, epoch, failure, now);
      const until = Math.min(now + backoffMs(attempt, random), task.deadline);
      return withError(park(task, epoch, 'backoff', until, now), failure.reason, now);
    }
    case 'permanent':
    case 'invalid-output':
    case 'over-budget':
    case 'cancelled':
    case 'crashed':
    case 'deadline':
      return fail(task, epoch, failure, now);
  }
}

function reasonOf(end: TurnEnd): string {
  if (end.kind === 'waits') return end.wait.reason;
  return end.kind === 'failed' ? end.failure.reason : '';
}

/**
 * Sends the message that brings a parked task back; if it is lost, the sweeper sends another. Nothing is sent for a
 * task that waits to be freed: whoever frees it sends the message.
 */
export async function sendLater(ports: WorkerPorts, task: Task, state: ParkedState, reason: string): Promise<void> {
  const { until } = state;
  ports.report(task, { type: 'task.parked', cause: causeOf(state), until, reason });
  if (isFreed(state)) return;
  const delayMs = Math.max(0, until - ports.clock.now());
  if (delayMs <= MAX_DELAY_MS) await ports.queue.send(task, delayMs);
}
