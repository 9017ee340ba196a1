import { Patience, type WaitOptions } from './patience.ts';
import type { Transport } from './transport.ts';
import type { EndedTask, TaskView } from './types.ts';

/** Polls until the task has ended. Throws `FleetError`, or the signal's reason. */
export async function waitForEnd(send: Transport, id: string, options: WaitOptions): Promise<EndedTask> {
  return pollForEnd(send, id, new Patience(options));
}

/** The same, within a patience that others share. */
export async function pollForEnd(send: Transport, id: string, patience: Patience): Promise<EndedTask> {
  const path = `/tasks/${encodeURIComponent(id)}`;
  try {
    for (;;) {
      const query = { wait: patience.nextSeconds() };
      const { body, retryAfterMs } = await send<TaskView>({ method: 'GET', path, query, signal: patience.stop });
      if (hasEnded(body)) return body;
      await patience.pause(retryAfterMs);
    }
  } catch (error) {
    throw patience.isOver ? patience.timedOut(id, error) : error;
  }
}

const ENDS: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled', 'escalated']);

/** Whether a task has reached a terminal state. */
export const hasEnded = <Task extends Pick<TaskView, 'status'>>(task: Task): task is Task & Pick<EndedTask, 'status'> =>
  ENDS.has(task.status);
