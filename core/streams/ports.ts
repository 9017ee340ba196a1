import type { Clock } from '../ports/clock.ts';
import type { SetAsideStore } from '../ports/set-aside-store.ts';
import type { SubjectStore } from '../ports/subject-store.ts';
import type { StreamApp } from './app.ts';
import type { RejectionReason } from './parse.ts';
import type { SourceRecord } from './source-record.ts';

/** What a router reports as it works. Nothing in it quotes an event. */
export type StreamReport =
  | { readonly type: 'record.rejected'; readonly at: Position; readonly reason: RejectionReason }
  | { readonly type: 'subject.failed'; readonly subject: string; readonly error: unknown }
  | { readonly type: 'effect.failed'; readonly subject: string; readonly effect: string; readonly error: unknown }
  | { readonly type: 'effect.set-aside'; readonly subject: string; readonly effect: string }
  | { readonly type: 'set-aside.failed'; readonly error: unknown }
  | { readonly type: 'outbox.kept'; readonly subject: string; readonly error: unknown };

export type Position = Pick<SourceRecord, 'stream' | 'partition' | 'position'>;

export interface RouterPorts<State, Context, Effect extends { readonly id: string }> {
  readonly app: StreamApp<State, Context, Effect>;
  readonly subjects: SubjectStore;
  readonly setAside: SetAsideStore;
  readonly clock: Pick<Clock, 'now' | 'elapsed' | 'every'>;
  readonly report: (event: StreamReport) => void;
  /** How long an event is remembered. Longer than the stream keeps it. */
  readonly memoryMs: number;
}

/** What a router did. */
export interface Summary {
  records: number;
  applied: number;
  /** Of the applied ones. */
  late: number;
  duplicates: number;
  rejected: number;
  /** Records that come again. */
  failed: number;
  gapsDropped: number;
  effects: number;
  effectsFailed: number;
  effectsSetAside: number;
  /** Writes that met a newer item. */
  conflicts: number;
  /** Milliseconds since the stream received the oldest record. */
  lagMs: number;
}

export const newSummary = (): Summary => ({
  records: 0,
  applied: 0,
  late: 0,
  duplicates: 0,
  rejected: 0,
  failed: 0,
  gapsDropped: 0,
  effects: 0,
  effectsFailed: 0,
  effectsSetAside: 0,
  conflicts: 0,
  lagMs: 0,
});
