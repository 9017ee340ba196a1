import type { AuditEntry, EntryPlace } from './entry.ts';

/** What is wrong with a task's part of the trail. */
export type AuditFault =
  /** No entry, or not in the form in which entries are written. */
  | 'unreadable'
  /** It says that it is another entry than the one it lies as. */
  | 'misplaced'
  /** Something was written over it; what was there first is judged. */
  | 'replaced'
  /** It was deleted; an older version shows what it was. */
  | 'deleted'
  /** It names an entry before it that is not there. */
  | 'missing-before'
  /** It does not name the entry that stands before it: that one was changed, or this one was or does not belong here. */
  | 'unlinked'
  /** The task has counted an entry that is not there: the end was cut off or changed. */
  | 'missing-end'
  /** It comes after the last entry that the task has counted. */
  | 'beyond-end';

export interface AuditFinding {
  readonly fault: AuditFault;
  /** Where; null for the end of the chain. */
  readonly place: EntryPlace | null;
}

/** What verifying a task's entries came to. */
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
   * Outcomes of dead epochs: the claim was lost, or its worker died, before the task could count them. They are no
   * fault, and no chain proves them.
   */
  readonly uncounted: readonly AuditEntry[];
  /** A call that the task announced and that never got into the trail, so that its tool did not run. */
  readonly announced: AuditEntry | null;
  /** Whether the chain was held against the head that the task keeps. */
  readonly headKnown: boolean;
}
