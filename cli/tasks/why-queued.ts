import type { TaskView } from '#core/api/tasks/messages.ts';
import { whyViewSchema } from '#core/api/why/messages.ts';
import { whyOperations } from '#core/api/why/operations.ts';
import type { ApiClient } from '../api/client.ts';
import { clock } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';

/** The pause between two lines about tasks of the same agent. */
const EVERY_MS = 10_000;

/** Returns a listener that says why a task is still queued, at most every ten seconds per agent. */
export function sayWhyQueued(api: ApiClient, output: Output): (task: TaskView) => Promise<void> {
  const saidAt = new Map<string, number>();
  return async ({ id, status, agent }) => {
    if (status !== 'queued' || performance.now() - (saidAt.get(agent) ?? -Infinity) < EVERY_MS) return;
    saidAt.set(agent, performance.now());
    // A fleet under load may not answer; the task itself is still watched.
    const why = await api.call(whyOperations.whyTask, whyViewSchema, { params: { id } }).catch(() => null);
    if (why?.status === 'queued') output.line(`${clock()}  still queued: ${why.says}`);
  };
}
