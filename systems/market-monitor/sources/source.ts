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

/** The name by which the stream itself is watched: any event counts as heard. It is watched on every fleet. */
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

/** Milliseconds without an event, while the exchange is open, after which a source is silent. */
export const SILENT_MS = 5 * 60_000;

/**
 * Whether a source is silent: five minutes of the session have passed without an event.
 * @param since when somebody began to depend on it. One that was never heard is silent five minutes after that
 */
export function isSilent({ lastAt }: Pick<Source, 'lastAt'>, now: number, since = 0): boolean {
  const session = sessionAt(now);
  if (session === null) return false;
  return now - Math.max(lastAt === 0 ? since : lastAt, session.opensAt) >= SILENT_MS;
}

/** What changes of a source at this time. Null: nothing. A source that stays silent falls silent in each session anew. */
export function changeOf(source: Source, now: number, since = 0): 'falls-silent' | 'is-back' | null {
  const { lastAt, quietSince } = source;
  if (quietSince !== undefined && now - lastAt < SILENT_MS) return 'is-back';
  const isTold = quietSince !== undefined && quietSince >= (sessionAt(now)?.opensAt ?? 0);
  return isSilent(source, now, since) && !isTold ? 'falls-silent' : null;
}
