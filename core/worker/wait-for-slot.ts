import type { SlotAnswer, SlotRequest } from '../governor/governor.ts';
import type { Clock } from '../ports/clock.ts';
import { mustWait, type CallRefusal } from '../spending/refusal.ts';
import type { WorkerPorts } from './ports.ts';
import type { TaskHandle } from './task-handle.ts';

/** With less time than this left in the invocation no call is begun. */
const MIN_CALL_MS = 5_000;

/**
 * Waits until the governor gives the call a slot. A slot that is too far away is refused: the task is parked, no attempt
 * is spent (I5), and the task keeps the slot that it was given.
 * @param timeoutMs milliseconds the call may take, this waiting included
 * @returns milliseconds it waited
 */
export async function waitForSlot(
  ports: WorkerPorts,
  handle: TaskHandle,
  request: SlotRequest,
  timeoutMs: number,
): Promise<number | CallRefusal> {
  const { clock } = ports;
  const begunAt = clock.elapsed();
  const answer = await ports.governor.acquireSlot(request, () => handle.writeClaim());
  if (answer.kind === 'later') return later(ports, handle, request, answer);
  if (answer.inMs > 0) {
    ports.report(handle.task, { type: 'slot.given', model: request.model, ms: answer.inMs, parked: false });
    await Promise.all([handle.settle(), pause(clock, answer.inMs, handle.stopped)]);
  }
  // Whole milliseconds, as timers take them.
  const waitedMs = Math.ceil(clock.elapsed() - begunAt);
  if (timeoutMs - waitedMs >= MIN_CALL_MS) return waitedMs;
  return mustWait({ cause: 'yielded', until: clock.now(), reason: 'The slot came too late in the invocation.' });
}

function later(
  ports: WorkerPorts,
  handle: TaskHandle,
  { model }: SlotRequest,
  { at, hasSlot }: Extract<SlotAnswer, { kind: 'later' }>,
): CallRefusal {
  const ms = at - ports.clock.now();
  if (hasSlot) ports.report(handle.task, { type: 'slot.given', model, ms, parked: true });
  return mustWait({
    cause: 'throttled',
    until: at,
    reason: `${model} is at the provider's rate limit; this task may call it in ${Math.ceil(ms / 1_000)} s.`,
    ...(hasSlot ? { slot: { model, at } } : {}),
  });
}

/** Rejects with the signal's reason when it fires first. */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = (): void => {
      stop();
      reject(signal.reason as Error);
    };
    const stop = clock.every(ms, () => {
      stop();
      signal.removeEventListener('abort', give);
      resolve();
    });
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}
