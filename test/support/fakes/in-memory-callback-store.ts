import type { CallbackStore, ParkedCallback } from '#core/ports/callback-store.ts';
import type { TaskId } from '#core/tasks/task-id.ts';

/** Parked callbacks in memory, with the guarantees of the table. Its index never lags. */
export function inMemoryCallbackStore(): CallbackStore & { all(): readonly ParkedCallback[] } {
  const kept = new Map<TaskId, ParkedCallback>();
  return {
    all: () => structuredClone([...kept.values()]),
    async park(parked) {
      kept.set(parked.callback.taskId, structuredClone(parked));
    },
    async *due(now) {
      const due = [...kept.values()].filter(({ dueAt }) => dueAt <= now).sort((a, b) => a.dueAt - b.dueAt);
      for (const { callback } of due) yield { taskId: callback.taskId, tenant: callback.tenant };
    },
    get: async ({ taskId }) => structuredClone(kept.get(taskId) ?? null),
    async remove({ callback, dueAt }) {
      if (kept.get(callback.taskId)?.dueAt === dueAt) kept.delete(callback.taskId);
    },
  };
}
