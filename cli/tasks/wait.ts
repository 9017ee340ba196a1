import { setTimeout as delay } from 'node:timers/promises';
import { hasEnded } from '#client/wait.ts';
import { taskViewSchema, type TaskView } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import { causeOf } from '#core/tasks/park-cause.ts';
import type { ApiClient } from '../api/client.ts';

/** The pause between two reads. */
const PACE_MS = 1_000;

export interface WaitOptions {
  readonly signal: AbortSignal;
  /** Seconds that one read waits: a change is seen after that time at the latest. */
  readonly seconds: number;
  /** Called for each change of state. */
  readonly onChange?: (task: TaskView) => void;
  /** Called for each read that shows no change. */
  readonly onSame?: (task: TaskView) => Promise<void>;
}

/** Waits until the task has ended and returns it. Rejects with the signal's reason. */
export async function followTask(
  api: ApiClient,
  id: string,
  { signal, seconds, onChange, onSame }: WaitOptions,
): Promise<TaskView> {
  let before = '';
  // The first read does not wait, so that the user sees the current state.
  for (let wait = 0; ; wait = seconds) {
    const request = { params: { id }, query: { wait }, signal };
    const { body: task, retryAfterMs } = await api.answered(taskOperations.getTask, taskViewSchema, request);
    const now = `${task.status} ${task.waitsFor && causeOf(task.waitsFor)} ${task.steps} ${task.cancelRequested}`;
    if (now !== before) onChange?.(task);
    else await onSame?.(task);
    before = now;
    if (hasEnded(task)) return task;
    await delay(Math.max(wait === 0 ? 0 : PACE_MS, retryAfterMs ?? 0), undefined, { signal });
  }
}
