import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import { s3 } from './client.ts';
import { dayOf, REJECTED_PREFIX } from './set-aside.ts';

/** A record that a router set aside, without its text. */
export interface RejectedEntry {
  readonly stream: string;
  readonly partition: string;
  readonly position: string;
  /** Partition key: words of whoever sent it. */
  readonly key: string;
  /** When the stream received it, in milliseconds since 1970. */
  readonly arrivedAt: number;
  readonly reason: string;
  /** What is wrong with it. It may quote the event. */
  readonly detail: string;
  /** Length of the record. */
  readonly bytes: number;
}

export interface RejectedQuery {
  readonly bucket: string;
  /** The router's name. */
  readonly router: string;
  /** Records that arrived before are left out, in milliseconds since 1970. */
  readonly since: number;
  readonly now: number;
  readonly maxRecords: number;
  /** @default the process's shared client */
  readonly client?: S3Client;
}

export interface Rejected {
  /** The newest first. */
  readonly records: readonly RejectedEntry[];
  /** False: there are more than were read, or another release wrote some. */
  readonly isComplete: boolean;
}

const recordsSchema = z.object({
  records: z.array(
    z.object({
      stream: z.string(),
      partition: z.string(),
      position: z.string(),
      key: z.string(),
      arrivedAt: z.number(),
      reason: z.string(),
      detail: z.string(),
      bytes: z.string(),
    }),
  ),
});

const DAY_MS = 86_400_000;
/** A page has 1,000 names. A day has at most 86,400 batches, since a shard is read once a second. */
const MAX_PAGES = 100;
/** Objects that are read at once, and bytes of all that are read: one has a batch, whose records may be large. */
const AT_ONCE = 8;
const MAX_BYTES = 64 * 1024 * 1024;

/** Reads which records a router set aside (`s3SetAside`), the newest first, as far as they fit. */
export async function rejectedRecords({ client = s3(), ...query }: RejectedQuery): Promise<Rejected> {
  const { objects, isComplete: isListed } = await listed(client, query);
  const found: RejectedEntry[] = [];
  let [bytes, next, unread] = [0, 0, 0];
  while (next < objects.length && found.length < query.maxRecords && bytes < MAX_BYTES) {
    const some = objects.slice(next, next + AT_ONCE);
    const read = await inParallel(some, ({ key }) => entriesOf(client, query.bucket, key), AT_ONCE);
    found.push(...read.flatMap((each) => each ?? []).filter(({ arrivedAt }) => arrivedAt >= query.since));
    unread += read.filter((each) => each === null).length;
    next += some.length;
    bytes += some.reduce((sum, { size }) => sum + size, 0);
  }
  const records = found.toSorted((one, other) => other.arrivedAt - one.arrivedAt);
  const isComplete = isListed && unread === 0 && next === objects.length && records.length <= query.maxRecords;
  return { records: records.slice(0, query.maxRecords), isComplete };
}

interface Listed {
  readonly key: string;
  readonly size: number;
  readonly at: number;
}

/** Objects that were written since then, the newest first. They lie below the day on which their first record arrived. */
async function listed(client: S3Client, { bucket, router, since, now }: Omit<RejectedQuery, 'client'>) {
  const objects: Listed[] = [];
  let pages = 0;
  // A batch may begin on the day before: after an outage, its first record has waited longest.
  for (let at = now; at > since - 2 * DAY_MS; at -= DAY_MS) {
    const Prefix = `${REJECTED_PREFIX}${router}/${dayOf(at)}/`;
    let ContinuationToken: string | undefined;
    do {
      if ((pages += 1) > MAX_PAGES) return { objects: newestFirst(objects), isComplete: false };
      const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, ContinuationToken }));
      for (const { Key: key = '', Size: size = 0, LastModified } of page.Contents ?? []) {
        const writtenAt = LastModified?.getTime() ?? 0;
        // S3 has whole seconds.
        if (writtenAt >= since - 1_000) objects.push({ key, size, at: writtenAt });
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }
  return { objects: newestFirst(objects), isComplete: true };
}

const newestFirst = (objects: readonly Listed[]): Listed[] =>
  objects.toSorted((one, other) => other.at - one.at || (one.key < other.key ? 1 : -1));

/** Null: another release wrote it. Of one that was sent again meanwhile nothing is left. */
async function entriesOf(client: S3Client, bucket: string, key: string): Promise<RejectedEntry[] | null> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const read = recordsSchema.safeParse(JSON.parse((await Body?.transformToString()) ?? ''));
    return read.success ? read.data.records.map(withLength) : null;
  } catch (error) {
    if (error instanceof NoSuchKey) return [];
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The record with its length in place of its text, which is written in Base64. */
const withLength = ({ bytes, ...record }: z.infer<typeof recordsSchema>['records'][number]): RejectedEntry => ({
  ...record,
  bytes: Math.floor((bytes.replace(/=+$/, '').length * 3) / 4),
});
