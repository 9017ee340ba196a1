import { setTimeout as delay } from 'node:timers/promises';
import { taskViewSchema, type TaskView } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import type { ApiClient } from '../api/client.ts';

const ENDS: ReadonlySet<TaskView['status']> = new Set(['succeeded', 'failed', 'cancelled', 'escalated']);

export const hasEnded = ({ status }: Pick<TaskView, 'status'>): boolean => ENDS.has(status);

/** Between two reads of a task that goes on: so quickly a change is seen. */
const PACE_MS = 1_000;

export interface WaitOptions {
  readonly signal: AbortSignal;
  /** Seconds of one waiting read: a change is seen after that long at the latest. */
  readonly seconds: number;
  /** Hears each state that differs from the one before. */
  readonly onChange?: (task: TaskView) => void;
}

/** The task when it has ended. Rejects with the signal's reason. */
export async function waitForEnd(
  api: ApiClient,
  id: string,
  { signal, seconds, onChange }: WaitOptions,
): Promise<TaskView> {
  let before = '';
  // The first read comes at once, so that whoever watches sees how the task stands.
  for (let wait = 0; ; wait = seconds) {
    const request = { params: { id }, query: { wait }, signal };
    const { body: task, retryAfterMs } = await api.answered(taskOperations.getTask, taskViewSchema, request);
    const now = `${task.status} ${task.waitsFor?.cause} ${task.steps} ${task.cancelRequested}`;
    if (now !== before) onChange?.(task);
    before = now;
    if (hasEnded(task)) return task;
    await delay(Math.max(wait === 0 ? 0 : PACE_MS, retryAfterMs ?? 0), undefined, { signal });
  }
}
