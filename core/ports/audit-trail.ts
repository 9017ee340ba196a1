import type { AuditEntry } from '../audit/entry.ts';

export type { AuditEntry };

export interface AuditTrail {
  /** Appends an entry once; the same entry again changes nothing, and no entry can be changed. */
  record(entry: AuditEntry): Promise<void>;
}
