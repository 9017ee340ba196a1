import { z } from 'zod';
import { storedRecord } from '#core/stored/record.ts';
import { sessionAt } from '../calendar/xnys.ts';

/**
 * The sources that are watched, as a variable of a function: JSON. Other names are those of producers, who may write anything
 * there: such a name is neither kept nor told to people.
 */
export const watchedSources = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.array(z.string().min(1)));

/** As a variable of a function: JSON. Null: the stream itself is not watched. */
export const streamQuietMinutes = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.number().positive().nullable());

/** The name by which the stream itself is watched: any event counts as heard. */
export const STREAM = 'stream';

/** A source that is watched, as it was last heard. */
export const sourceSchema = storedRecord({
  name: z.string(),
  /** 0: never. */
  lastAt: z.number(),
  /** Since when people were told that it is silent. Absent: it is not. */
  quietSince: z.number().optional(),
});
export type Source = z.infer<typeof sourceSchema>;

/** When a source counts as silent. */
export interface Patience {
  /** Milliseconds without any event after which the stream itself is silent. Null: it is not watched. */
  readonly streamMs: number | null;
  /** When somebody began to depend on the sources. One that is named and was never heard is silent five minutes after that. */
  readonly since?: number;
}

/** Milliseconds without an event, while the exchange is open, after which a source that is named is silent. */
const SILENT_MS = 5 * 60_000;

/**
 * Milliseconds of a session without an event after which a source is silent. Null: it is not watched. Nor is a stream that
 * has never brought an event: nothing feeds it yet, or this release has just begun to note when events come.
 */
export function silentMsOf({ name, lastAt }: Pick<Source, 'name' | 'lastAt'>, { streamMs }: Patience): number | null {
  if (name !== STREAM) return SILENT_MS;
  return lastAt === 0 ? null : streamMs;
}

/** Whether a source is silent: so much of the session has passed without an event. */
export function isSilent(source: Pick<Source, 'name' | 'lastAt'>, now: number, patience: Patience): boolean {
  const session = sessionAt(now);
  const silentMs = silentMsOf(source, patience);
  if (session === null || silentMs === null) return false;
  const heardAt = source.lastAt === 0 ? (patience.since ?? 0) : source.lastAt;
  return now - Math.max(heardAt, session.opensAt) >= silentMs;
}

/** What changes of a source at this time. Null: nothing. A source that stays silent falls silent in each session anew. */
export function changeOf(source: Source, now: number, patience: Patience): 'falls-silent' | 'is-back' | null {
  const { lastAt, quietSince } = source;
  const silentMs = silentMsOf(source, patience);
  if (silentMs === null) return null;
  if (quietSince !== undefined && now - lastAt < silentMs) return 'is-back';
  const isTold = quietSince !== undefined && quietSince >= (sessionAt(now)?.opensAt ?? 0);
  return isSilent(source, now, patience) && !isTold ? 'falls-silent' : null;
}
