import type { RejectionReason } from '../streams/parse.ts';
import type { SourceRecord } from '../streams/source-record.ts';

/** A record that can never be applied as it is. */
export interface RejectedRecord {
  readonly record: SourceRecord;
  readonly reason: RejectionReason;
  /** It may quote the event, so it is never logged. */
  readonly detail: string;
  /** When its event happened, in milliseconds since 1970. Absent: it cannot be read. */
  readonly time?: number;
}

/** An effect that failed too often, or that can never be performed. */
export interface FailedEffect {
  readonly subject: string;
  readonly effect: { readonly id: string; readonly effect: unknown; readonly since: number; readonly attempts: number };
  readonly error: string;
}

/** Keeps what a router sets aside until a person sends it again. Putting the same again changes nothing. */
export interface SetAsideStore {
  putRecords(rejected: readonly RejectedRecord[]): Promise<void>;
  putEffects(failed: readonly FailedEffect[]): Promise<void>;
}
