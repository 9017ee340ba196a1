import { entryText, placeOf } from '#core/audit/entry.ts';
import type { AuditReader } from '#core/ports/audit-reader.ts';
import type { AuditEntry, AuditTrail } from '#core/ports/audit-trail.ts';

export interface InMemoryAuditTrail extends AuditTrail, AuditReader {
  /** Entries in the order in which they were first recorded. */
  entries(): readonly AuditEntry[];
}

/** The audit trail in memory: the first entry of a task, step, epoch and phase stands. */
export function inMemoryAuditTrail(): InMemoryAuditTrail {
  const entries = new Map<string, AuditEntry>();
  const of = (taskId: string) =>
    [...entries.values()]
      .filter((entry) => entry.taskId === taskId)
      .map((entry) => ({ place: placeOf(entry), text: entryText(entry), versions: 1, deleted: false }));
  return {
    entries: () => [...entries.values()],
    async record(entry) {
      const key = JSON.stringify(placeOf(entry));
      if (!entries.has(key)) entries.set(key, { ...entry });
    },
    async *tasks() {
      yield* new Set([...entries.values()].map(({ taskId }) => taskId));
    },
    read: async (taskId) => of(taskId),
    readAtMost: async (taskId, most) => (of(taskId).length > most ? null : of(taskId)),
  };
}
