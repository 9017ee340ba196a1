import type { SlotAnswer, SlotRequest } from '../governor/governor.ts';
import type { Clock } from '../ports/clock.ts';
import type { WorkerPorts } from './ports.ts';
import { MustWait } from './must-wait.ts';
import type { TaskHandle } from './task-handle.ts';

/** With less time than this left in the invocation no call is begun. */
const MIN_CALL_MS = 5_000;

/**
 * Waits until the governor lets the call go. What is too far away is parked for: no attempt is spent (I5), and the
 * task keeps the slot that it was given.
 * @param timeoutMs milliseconds the call may take, this waiting included
 * @returns milliseconds it waited
 */
export async function takeTurn(
  ports: WorkerPorts,
  handle: TaskHandle,
  asker: SlotRequest,
  timeoutMs: number,
): Promise<number> {
  const { clock } = ports;
  const begunAt = clock.elapsed();
  const admission = await ports.governor.acquireSlot(asker);
  if (admission.kind === 'later') return park(ports, handle, asker, admission);
  if (admission.inMs > 0) {
    ports.report(handle.task, { type: 'slot.given', model: asker.model, ms: admission.inMs, parked: false });
    await pause(clock, admission.inMs, handle.stopped);
  }
  // Whole milliseconds, as timers take them.
  const waitedMs = Math.ceil(clock.elapsed() - begunAt);
  if (timeoutMs - waitedMs >= MIN_CALL_MS) return waitedMs;
  throw new MustWait({ cause: 'yielded', until: clock.now(), reason: 'Its turn came late in the invocation.' });
}

function park(
  ports: WorkerPorts,
  handle: TaskHandle,
  asker: SlotRequest,
  { at, hasSlot }: Extract<SlotAnswer, { kind: 'later' }>,
): never {
  const ms = at - ports.clock.now();
  if (hasSlot) ports.report(handle.task, { type: 'slot.given', model: asker.model, ms, parked: true });
  throw new MustWait({
    cause: 'throttled',
    until: at,
    reason: `${asker.model} is called as fast as the provider allows; this task's turn comes in ${Math.ceil(ms / 1_000)} s.`,
    ...(hasSlot ? { slot: { model: asker.model, at } } : {}),
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
