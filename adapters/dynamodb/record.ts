import { channel } from 'node:diagnostics_channel';
import type { z } from 'zod';
import { parseRecord, UnreadableRecord } from '#core/stored/record.ts';
import type { Item } from './conditional-put.ts';
import { fromBody } from './item-body.ts';

/** Publishes every `UnreadableRecord` that a read meets, also those that a list skips. */
export const unreadableRecords = channel('agent-fleet:unreadable-record');

/** Parses an item's body. Throws `UnreadableRecord` if this release cannot read it, and publishes that. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, item: Item): z.output<Schema> {
  return parsed(schema, item, () => fromBody(item['body']));
}

/** Parses the attributes of an item, as `parseBody` does its body. */
export const parseItem = <Schema extends z.ZodType>(schema: Schema, item: Item): z.output<Schema> =>
  parsed(schema, item, () => item);

function parsed<Schema extends z.ZodType>(schema: Schema, item: Item, value: () => unknown): z.output<Schema> {
  try {
    return parseRecord(schema, decoded(value, item), nameOf(item));
  } catch (error) {
    if (error instanceof UnreadableRecord) unreadableRecords.publish(error);
    throw error;
  }
}

/** Parses an item, or returns null where this release cannot read it: for lists, which go on with the next one. */
export function parseIfReadable<Parsed>(parse: (item: Item) => Parsed, item: Item): Parsed | null {
  try {
    return parse(item);
  } catch (error) {
    if (error instanceof UnreadableRecord) return null;
    throw error;
  }
}

/** The text of an error by the JSON parser quotes the record, so it is not passed on. */
function decoded(value: () => unknown, item: Item): unknown {
  try {
    return value();
  } catch {
    throw new UnreadableRecord(nameOf(item), 'its body is missing or damaged');
  }
}

const nameOf = ({ pk, sk }: Item): string => `The item ${pk?.S ?? '?'}, ${sk?.S ?? '?'}`;
