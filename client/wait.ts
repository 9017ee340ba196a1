import { FleetError, withoutAnswer } from './fleet-error.ts';
import { pause } from './pause.ts';
import type { Transport } from './transport.ts';
import type { EndedTask, TaskView } from './types.ts';

export interface WaitOptions {
  /** Milliseconds to wait for the task to end. @default none: a task ends by its deadline at the latest */
  readonly timeoutMs?: number;
  /** Stops waiting. The task continues. */
  readonly signal?: AbortSignal;
}

/** Seconds that one request waits at the API. */
const WAIT_SECONDS = 20;
/** Milliseconds between two waiting requests, unless the API sends `Retry-After`. */
const PACE_MS = 100;

/** Polls until the task has ended. Throws `FleetError`, or the signal's reason. */
export async function waitForEnd(send: Transport, id: string, { timeoutMs, signal }: WaitOptions): Promise<EndedTask> {
  const until = timeoutMs === undefined ? Infinity : Date.now() + timeoutMs;
  const limit = timeoutMs === undefined ? undefined : AbortSignal.timeout(timerMs(timeoutMs));
  const stop = signal && limit ? AbortSignal.any([signal, limit]) : (signal ?? limit);
  try {
    for (;;) {
      const wait = Math.max(0, Math.min(WAIT_SECONDS, Math.ceil((until - Date.now()) / 1_000)));
      const path = `/tasks/${encodeURIComponent(id)}`;
      const { body, retryAfterMs } = await send<TaskView>({ method: 'GET', path, query: { wait }, signal: stop });
      if (hasEnded(body)) return body;
      await pause(retryAfterMs ?? PACE_MS, stop);
    }
  } catch (error) {
    if (!limit?.aborted || signal?.aborted) throw error;
    const detail = `The task ${id} did not end within ${timeoutMs} ms. It is still running: wait for it again.`;
    throw new FleetError(withoutAnswer('timed-out', detail), { cause: error });
  }
}

/** Node's timers take whole milliseconds, up to 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const timerMs = (ms: number): number => Math.min(MAX_TIMER_MS, Math.max(0, Math.ceil(ms)));

const ENDS: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled', 'escalated']);

/** Whether a task has reached a terminal state. */
export const hasEnded = <Task extends Pick<TaskView, 'status'>>(task: Task): task is Task & Pick<EndedTask, 'status'> =>
  ENDS.has(task.status);
