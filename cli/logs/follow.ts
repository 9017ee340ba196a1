import { setTimeout as delay } from 'node:timers/promises';
import { hasEnded } from '#client/wait.ts';
import { taskViewSchema } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import type { ApiClient } from '../api/client.ts';
import { pagesOf, type Line, type Wanted } from './read-lines.ts';

/** The pause between two reads. */
const PACE_MS = 2_000;
/** A line appears in CloudWatch Logs seconds after it was written, later than some that were written after it. */
const LATE_MS = 30_000;

export interface Following {
  readonly signal: AbortSignal;
  readonly onLine: (line: Line) => void;
  /** @default 2 seconds */
  readonly paceMs?: number;
}

/**
 * Calls `onLine` once for each line, old and new ones, until the signal fires or the task has ended and its last lines have
 * arrived. A line that arrives late comes after newer ones.
 */
export async function followLines(
  api: ApiClient,
  wanted: Wanted,
  { signal, onLine, ...rest }: Following,
): Promise<void> {
  const seen = new Map<string, number>();
  let { since } = wanted;
  for (;;) {
    const isLast = await hasLongEnded(api, wanted.task, signal);
    for await (const { lines } of pagesOf(api, { ...wanted, since }, signal)) {
      for (const line of lines) {
        if (!seen.has(line.id)) onLine(line);
        seen.set(line.id, Date.parse(line.at));
      }
    }
    if (isLast) return;
    const newest = Math.max(...seen.values());
    if (seen.size > 0) since = new Date(newest - LATE_MS).toISOString();
    for (const [id, at] of seen) if (at < newest - LATE_MS) seen.delete(id);
    await delay(rest.paceMs ?? PACE_MS, undefined, { signal });
  }
}

async function hasLongEnded(api: ApiClient, id: string | undefined, signal: AbortSignal): Promise<boolean> {
  if (id === undefined) return false;
  const task = await api.call(taskOperations.getTask, taskViewSchema, { params: { id }, signal });
  return hasEnded(task) && Date.now() - Date.parse(task.finishedAt ?? task.createdAt) > LATE_MS;
}
