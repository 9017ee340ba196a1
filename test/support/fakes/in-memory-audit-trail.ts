import type { AuditEntry, AuditTrail } from '../../../core/ports/audit-trail.ts';

export interface InMemoryAuditTrail extends AuditTrail {
  /** Entries in the order in which they were first recorded. */
  entries(): readonly AuditEntry[];
}

/** The audit trail in memory: the first entry of a task, step, epoch and phase stands. */
export function inMemoryAuditTrail(): InMemoryAuditTrail {
  const entries = new Map<string, AuditEntry>();
  return {
    entries: () => [...entries.values()],
    async record(entry) {
      const key = [entry.taskId, entry.step, entry.epoch, entry.phase].join('/');
      if (!entries.has(key)) entries.set(key, { ...entry });
    },
  };
}
