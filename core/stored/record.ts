import { z } from 'zod';

/**
 * Stored records: what one release writes and another may read, before and after it (docs/adr/0023-stored-records.md).
 * - R1 A field that the reader does not know survives every read and write, on each level of the record.
 * - R2 A record with a higher schema number than the reader's is left alone: it is not parsed, changed or failed.
 * - R3 A record that cannot be read never keeps the reader from the others.
 */

/** The highest schema number that this release reads, and the one that a record without a number has. */
export const SCHEMA = 1;

/**
 * An object within a stored record. It keeps the fields that it does not know. They have no types, so a transition must
 * spread the object it changes.
 */
export function stored<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape> {
  // The return type has no index signature, which would accept every misspelt field.
  return z.looseObject(shape);
}

const numbered = {
  /** Raised only by a release whose records an earlier one must leave alone. Absent: 1. */
  schema: z.number().int().positive().optional(),
};

/** A whole record: an item of the state table. */
export function storedRecord<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<typeof numbered & Shape> {
  return stored({ ...numbered, ...shape });
}

/** A record of the store that this release cannot read. It is left as it is for a release that can. */
export class UnreadableRecord extends Error {
  /** The record's name for a person, such as `Task task-1`. */
  readonly record: string;
  /** Which fields are unknown to this release. Never a value. */
  readonly why: string;

  constructor(record: string, why: string) {
    super(`${record} cannot be read by this release: ${why}. It was left as it is. Deploy the release that wrote it.`);
    this.name = 'UnreadableRecord';
    this.record = record;
    this.why = why;
  }
}

/** Parses a record. Throws `UnreadableRecord` if a newer release wrote what this one does not understand (R2). */
export function parseRecord<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  record: string,
): z.output<Schema> {
  const number = numberOf(value);
  if (number > SCHEMA) {
    throw new UnreadableRecord(record, `its schema number is ${number}, and the highest known one is ${SCHEMA}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, code }) => `${path.map(String).join('.') || 'record'} (${code})`);
  throw new UnreadableRecord(record, `unexpected ${fields.join(', ')}`);
}

const numberSchema = z.object(numbered).catch({});
const numberOf = (value: unknown): number => numberSchema.parse(value).schema ?? SCHEMA;

/** The result of reading a record, or `instead` when this release cannot read it (R3). */
export async function unlessUnreadable<Read, const Instead>(
  read: Promise<Read>,
  instead: Instead,
): Promise<Read | Instead> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof UnreadableRecord) return instead;
    throw error;
  }
}
