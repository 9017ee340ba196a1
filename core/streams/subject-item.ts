import { z } from 'zod';
import { stored, storedRecord } from '../stored/record.ts';
import { numbersSchema } from './numbers.ts';

/** Sources of one subject that are remembered at once. */
export const MAX_SOURCES = 50;
/** Ids in the item. Each further KiB of it costs a write unit with each event, so the rest have items of their own. */
export const MAX_IDS = 200;
/** Characters of ids and their sources in the item. */
export const MAX_ID_CHARS = 16_000;
export const MAX_STATE_BYTES = 64 * 1024;
/** Effects of one event. */
export const MAX_EFFECT_BYTES = 64 * 1024;
/** Effects that wait in the item. */
export const MAX_OUTBOX_BYTES = 128 * 1024;

/** What is remembered of one source of a subject. */
const sourceSchema = stored({
  source: z.string(),
  numbers: numbersSchema,
  /** The newest time of its events, in milliseconds since 1970. */
  newest: z.number(),
  /** When an event of it was last handled. */
  at: z.number(),
});
export type SourceMemory = z.infer<typeof sourceSchema>;

/** An effect that was decided and may not have happened yet. */
const waitingSchema = stored({
  id: z.string(),
  effect: z.unknown(),
  /** When it was decided, in milliseconds since 1970. */
  since: z.number(),
  /** Times it failed by itself. */
  attempts: z.number().int().nonnegative(),
  /** After a failure: when it is tried again. */
  notBefore: z.number().optional(),
});
export type WaitingEffect = z.infer<typeof waitingSchema>;

/** Source, id and time of handling of an event without a number. */
const idSchema = z.tuple([z.string(), z.string(), z.number()]);
export type HandledId = z.infer<typeof idSchema>;

/** All that a router remembers of a subject. It is one item, so one conditional write changes all of it or nothing. */
export const subjectItemSchema = storedRecord({
  version: z.number().int().nonnegative(),
  sources: z.array(sourceSchema),
  /** Ids of handled events without a number, the oldest first. */
  ids: z.array(idSchema),
  /** Until then, ids may have items of their own. Absent: there are none. */
  spilledUntil: z.number().optional(),
  /** State of the app, read by its schema. Absent: that of a subject without events. */
  state: z.unknown().optional(),
  outbox: z.array(waitingSchema),
});
export type SubjectItem = z.infer<typeof subjectItemSchema>;

/** The item of a subject that has none. */
export const EMPTY: SubjectItem = { version: 0, sources: [], ids: [], outbox: [] };
