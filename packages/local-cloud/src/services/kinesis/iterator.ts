import { z } from 'zod';
import { ServiceError } from '../service.ts';
import { invalidIterator } from './errors.ts';

/** A place in a shard, as a shard iterator encodes it. */
export interface IteratorPlace {
  readonly stream: string;
  /** Distinguishes a stream from an earlier one of the same name. */
  readonly streamId: number;
  readonly shard: number;
  /** The records after this position follow. */
  readonly after: number;
}

/** How long an iterator is valid. */
const LIFETIME_MS = 300_000;

const fields = z.tuple([z.literal(1), z.string(), z.int(), z.int().min(0), z.int().min(0), z.int()]);

export function writeIterator({ stream, streamId, shard, after }: IteratorPlace, now: number): string {
  return Buffer.from(JSON.stringify([1, stream, streamId, shard, after, now])).toString('base64');
}

/** Throws `ExpiredIteratorException`, or `InvalidArgumentException` for text that is not an iterator. */
export function readIterator(text: string, now: number): IteratorPlace {
  const parsed = parse(text);
  if (parsed === undefined) throw invalidIterator();
  const { createdAt, ...place } = parsed;
  if (now - createdAt > LIFETIME_MS) {
    const message = `Iterator expired. The iterator was created at time ${utc(createdAt)} while right now it is ${utc(now)} which is further in the future than the tolerated delay of ${LIFETIME_MS} milliseconds.`;
    throw new ServiceError('ExpiredIteratorException', message);
  }
  return place;
}

/** The stream that an iterator reads; empty for text that is not an iterator. */
export function streamOfIterator(text: string): string {
  return parse(text)?.stream ?? '';
}

function parse(text: string): (IteratorPlace & { readonly createdAt: number }) | undefined {
  try {
    const [, stream, streamId, shard, after, createdAt] = fields.parse(
      JSON.parse(Buffer.from(text, 'base64').toString('utf8')),
    );
    return { stream, streamId, shard, after, createdAt };
  } catch {
    return undefined;
  }
}

/** `Thu Jan 22 01:22:02 UTC 2026`, as Kinesis writes it. */
function utc(time: number): string {
  const [weekday = '', day, month, year, clock] = new Date(time).toUTCString().split(' ');
  return `${weekday.replace(',', '')} ${month} ${day} ${clock} UTC ${year}`;
}
