import { closeSync, openSync, writeSync } from 'node:fs';

/**
 * A recorded history of leases, one JSON object per line: what each caller asked of a lease item and was answered, and when
 * a region believed to hold a home. `npm run check:history` judges it. Times are milliseconds of one stopwatch.
 */
export type LeaseLine = CallLine | ReturnLine | HoldLine;

/** A call begins. Without a `return` it may have had its effect at any time since, or none. */
export interface CallLine {
  readonly type: 'call';
  readonly at: number;
  /** Names the call. */
  readonly call: string;
  readonly caller: string;
  /** The region whose table has the item. */
  readonly table: string;
  readonly home: string;
  readonly request:
    | { readonly kind: 'read' }
    | { readonly kind: 'write'; readonly item: RecordedLease; readonly if: RecordedCondition }
    /** What is not known here is not judged, and no history with it is right. */
    | { readonly kind: string };
}

export interface RecordedLease {
  readonly epoch: number;
  readonly beat: number;
  /** Tells apart writes of the same values. */
  readonly id?: string;
}

/** No item is stored, exactly this one is, or an earlier beat of this epoch. */
export type RecordedCondition =
  | { readonly is: 'absent' }
  | { readonly is: 'same' | 'earlier'; readonly epoch: number; readonly beat: number };

export interface ReturnLine {
  readonly type: 'return';
  readonly at: number;
  readonly call: string;
  /** Whether the item was written. */
  readonly granted?: boolean;
  /** What is stored then; null for nothing. Absent where the answer does not say. */
  readonly stored?: RecordedLease | null;
}

/** A region believes to hold a home until a moment. */
export interface HoldLine {
  readonly type: 'hold';
  readonly at: number;
  readonly region: string;
  readonly home: string;
  readonly epoch: number;
  readonly until: number;
}

export type RecordLease = (line: LeaseLine) => void;

/** Appends to a history, which several processes may do at once. What is written survives the process. */
export function appendTo(file: string): RecordLease & Disposable {
  const descriptor = openSync(file, 'a', 0o600);
  const record: RecordLease = (line) => void writeSync(descriptor, `${JSON.stringify(line)}\n`);
  return Object.assign(record, { [Symbol.dispose]: () => closeSync(descriptor) });
}
