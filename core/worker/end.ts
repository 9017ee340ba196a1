import { backoffMs, MAX_ATTEMPTS } from '../failures/backoff.ts';
import type { Failure } from '../failures/failure.ts';
import { escalate, fail, honourCancel, succeed } from '../tasks/finish.ts';
import { withError } from '../tasks/last-error.ts';
import { park, withSlot } from '../tasks/progress.ts';
import { isFreed, type ParkCause, type Task } from '../tasks/task.ts';
import type { HeldUp } from './admit.ts';
import { notifyWaiters } from './notify.ts';
import type { WorkerPorts } from './ports.ts';
import type { TurnEnd } from './take-steps.ts';
import type { TaskHandle } from './task-handle.ts';

/** SQS delays a message by at most 15 minutes; beyond, the sweeper sends it. */
const MAX_DELAY_MS = 900_000;
/** How long to wait when the provider throttles without saying. */
const THROTTLE_MS = 5_000;

/** Writes how a turn ended, in the one place where each kind of failure is handled. */
export async function finishOrPark(ports: WorkerPorts, handle: TaskHandle, end: TurnEnd | HeldUp): Promise<void> {
  const now = ports.clock.now();
  const { epoch } = handle;
  switch (end.kind) {
    case 'succeeded':
      return finish(ports, handle, await handle.update((task) => succeed(task, epoch, end, now)));
    case 'escalated':
      return finish(ports, handle, await handle.update((task) => escalate(task, epoch, end, now)));
    case 'cancelled':
      return finish(ports, handle, await handle.update((task) => honourCancel(task, epoch, now)));
    case 'yielded':
      return wait(ports, handle, {
        cause: 'yielded',
        delayMs: 0,
        reason: 'The invocation has little time left.',
      });
    case 'waits':
      return wait(ports, handle, { ...end.wait, delayMs: end.wait.until - now });
    case 'held-up':
      await wait(ports, handle, { cause: end.cause, delayMs: 0, reason: end.reason });
      return end.recheck();
    case 'failed':
      return handleFailure(ports, handle, end.failure);
  }
}

async function handleFailure(ports: WorkerPorts, handle: TaskHandle, failure: Failure): Promise<void> {
  const { kind, reason } = failure;
  switch (kind) {
    case 'throttled': {
      // Jitter on top of what was asked for, so that all who were told the same do not come back at once.
      const asked = failure.retryAfterMs ?? THROTTLE_MS;
      const delayMs = Math.round(asked * (1 + ports.ids.random() / 4));
      return wait(ports, handle, { cause: 'throttled', delayMs, reason });
    }
    case 'transient':
      return tryAgain(ports, handle, failure);
    case 'permanent':
    case 'invalid-output':
    case 'over-budget':
    case 'cancelled':
    case 'crashed':
    case 'deadline':
      return giveUp(ports, handle, failure);
  }
}

/**
 * Backs off, or gives up after the last attempt. Decided on the newest state: a step that counts, though the answer
 * to that write was lost, has begun the attempts anew.
 */
async function tryAgain(ports: WorkerPorts, handle: TaskHandle, failure: Failure): Promise<void> {
  const now = ports.clock.now();
  const random = ports.ids.random();
  const task = await handle.update((current) => {
    const attempt = current.attempts + 1;
    if (attempt >= MAX_ATTEMPTS) return fail(current, handle.epoch, failure, now);
    const until = Math.min(now + backoffMs(attempt, random), current.deadline);
    return withError(park(current, handle.epoch, 'backoff', until, now), failure.reason, now);
  });
  await letGo(ports, handle, task, failure.reason);
}

async function giveUp(ports: WorkerPorts, handle: TaskHandle, failure: Failure): Promise<void> {
  const now = ports.clock.now();
  await finish(ports, handle, await handle.update((task) => fail(task, handle.epoch, failure, now)));
}

async function finish(ports: WorkerPorts, handle: TaskHandle, task: Task): Promise<void> {
  const { state } = task;
  const failureKind = state.status === 'failed' ? { failureKind: state.failure.kind } : {};
  const ms = ports.clock.now() - task.createdAt;
  ports.report(task, { type: 'task.finished', status: state.status, ...failureKind, ms });
  await notifyWaiters(ports, task, (ended) => handle.usage.ended(ended));
}

/** Parks the task, unless it is to be cancelled. */
async function wait(
  ports: WorkerPorts,
  handle: TaskHandle,
  { cause, delayMs, reason, slot }: { cause: ParkCause; delayMs: number; reason: string; slot?: Task['slot'] },
): Promise<void> {
  const now = ports.clock.now();
  const until = Math.min(now + delayMs, handle.task.deadline);
  const task = await handle.update((current) => withSlot(park(current, handle.epoch, cause, until, now), slot));
  await letGo(ports, handle, task, reason);
}

/**
 * After the write that let go of the task: whoever waits is told, or a message sent that brings the task back; if that
 * is lost, the sweeper does. What waits to be freed is sent by whoever frees it.
 */
async function letGo(ports: WorkerPorts, handle: TaskHandle, task: Task, reason: string): Promise<void> {
  const { state } = task;
  if (state.status !== 'parked') return finish(ports, handle, task);
  const { cause, until } = state;
  ports.report(task, { type: 'task.parked', cause, until, reason });
  if (isFreed(cause)) return;
  const delayMs = Math.max(0, until - ports.clock.now());
  if (delayMs <= MAX_DELAY_MS) await ports.queue.send(task, delayMs);
}
