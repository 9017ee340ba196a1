import type { AuditEntry, EntryPlace } from './entry.ts';

/** What is wrong with a task's part of the trail. */
export type AuditFault =
  /** Not an entry, or not in the form in which entries are written. */
  | 'unreadable'
  /** Its content belongs to another entry than its location says. */
  | 'misplaced'
  /** It was overwritten. The first version is checked. */
  | 'replaced'
  /** It was deleted. An older version shows what it was. */
  | 'deleted'
  /** Its previous entry is missing. */
  | 'missing-before'
  /** It does not link to the previous entry: one of the two was changed, or this one does not belong here. */
  | 'unlinked'
  /** The task has counted an entry that is missing: the end was cut off or changed. */
  | 'missing-end'
  /** It comes after the last entry that the task has counted. */
  | 'beyond-end';

export interface AuditFinding {
  readonly fault: AuditFault;
  /** Where; null for the end of the chain. */
  readonly place: EntryPlace | null;
}

/** The result of verifying a task's entries. */
export interface AuditVerdict {
  readonly taskId: string;
  /** When the task was accepted, in milliseconds. */
  readonly createdAt: number;
  /** Nothing is wrong. Without the task's head an end that was cut off cannot be seen. */
  readonly whole: boolean;
  readonly findings: readonly AuditFinding[];
  /** The entries that count, in the order of the chain. */
  readonly chain: readonly AuditEntry[];
  /**
   * Outcomes of dead epochs: the claim was lost, or its worker died, before the task could count them. They are not
   * faults, and no chain proves them.
   */
  readonly uncounted: readonly AuditEntry[];
  /** A call that the task announced but that never reached the trail, so its tool did not run. */
  readonly announced: AuditEntry | null;
  /** Whether the chain was compared with the head stored on the task. */
  readonly headKnown: boolean;
}
