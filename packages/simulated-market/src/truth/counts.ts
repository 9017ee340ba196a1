import { FAULT_NAMES, type FaultName } from '../faults/names.ts';
import type { Made } from '../faults/faults.ts';

/** What a day's records are. Complete once the day has been read to its end. */
export interface Counts {
  /** All records: `events` of every type, `duplicates`, `rejected` and `future`. */
  records: number;
  /** Valid events by type, each once per source, id and subject: what a router must have handled. */
  readonly events: Record<string, number>;
  /** Of these, the ones whose source and id came before with another subject. */
  otherSubjects: number;
  /** Records that repeat an event: the same source, id and subject. */
  duplicates: number;
  /** Records that are no valid event. */
  rejected: number;
  /** Valid events whose time is more than a day ahead. */
  future: number;
  /** Events that come after a later one of the same source and subject. */
  late: number;
  readonly faults: Record<FaultName, number>;
}

export const noCounts = (): Counts => ({
  records: 0,
  events: {},
  otherSubjects: 0,
  duplicates: 0,
  rejected: 0,
  future: 0,
  late: 0,
  faults: Object.fromEntries(FAULT_NAMES.map((name) => [name, 0])) as Record<FaultName, number>,
});

/** Counts records in order of arrival. */
export class Counter {
  readonly counts = noCounts();
  private readonly highest = new Map<string, number>();

  add({ item, sequence, is, fault }: Made): void {
    const { counts } = this;
    counts.records += 1;
    if (fault !== null) counts.faults[fault] += 1;
    if (is === 'duplicate') counts.duplicates += 1;
    else if (is === 'rejected') counts.rejected += 1;
    else if (is === 'future') counts.future += 1;
    else if (item !== null) {
      counts.events[item.type] = (counts.events[item.type] ?? 0) + 1;
      if (item.repeat === 'other-subject') counts.otherSubjects += 1;
      if (sequence !== null) this.order(item.subject, sequence);
    }
  }

  private order(subject: string, sequence: number): void {
    const highest = this.highest.get(subject) ?? 0;
    if (sequence < highest) this.counts.late += 1;
    else this.highest.set(subject, sequence);
  }
}
