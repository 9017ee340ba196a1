import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsOutput,
  type ObjectVersion,
  type S3Client,
} from '@aws-sdk/client-s3';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import type { AuditReader, KeptEntry } from '#core/ports/audit-reader.ts';
import { AUDIT_PREFIX, placeOfKey, prefixOfTask } from './audit-keys.ts';
import { s3 } from './client.ts';

/** Number of objects read in parallel. */
const AT_ONCE = 16;

export interface S3AuditReaderOptions {
  readonly bucket: string;
  /** @default the process's shared client */
  readonly client?: S3Client;
}

/**
 * Reads the audit trail from its bucket, including versions. It reads the first version of every entry, even if it was
 * overwritten or deleted, and counts the others. Requires `s3:ListBucketVersions` and `s3:GetObjectVersion`. Objects that
 * are not entries are skipped.
 */
export function s3AuditReader({ bucket, client = s3() }: S3AuditReaderOptions): AuditReader {
  return {
    async *tasks() {
      let last: string | undefined;
      // Keys are sorted, so those of a task follow each other.
      for await (const { key } of kept(client, bucket, AUDIT_PREFIX)) {
        const taskId = placeOfKey(key)?.taskId;
        if (taskId !== undefined && taskId !== last) yield taskId;
        last = taskId ?? last;
      }
    },
    read: async (taskId) => (await read(client, bucket, taskId)) ?? [],
    readAtMost: (taskId, most) => read(client, bucket, taskId, most),
  };
}

async function read(client: S3Client, bucket: string, taskId: string, most = Infinity): Promise<KeptEntry[] | null> {
  const found: Kept[] = [];
  for await (const each of kept(client, bucket, prefixOfTask(taskId))) if (found.push(each) > most) return null;
  const entries = await inParallel(found, (each) => entryOf(client, bucket, each), AT_ONCE);
  return entries.flatMap((entry) => entry ?? []);
}

/** All versions of a key. */
interface Kept {
  readonly key: string;
  /** Newest first; empty if only a delete marker is left. */
  readonly versions: ObjectVersion[];
  deleted: boolean;
}

/** Yields each key of a prefix, in order. The versions and delete markers of a key may span two pages. */
async function* kept(client: S3Client, bucket: string, prefix: string): AsyncGenerator<Kept> {
  let open: Kept | undefined;
  for await (const page of pages(client, bucket, prefix)) {
    const found = new Map<string, Kept>(open ? [[open.key, open]] : []);
    const of = (key = ''): Kept => {
      const each = found.get(key) ?? { key, versions: [], deleted: false };
      found.set(key, each);
      return each;
    };
    for (const version of page.Versions ?? []) of(version.Key).versions.push(version);
    for (const marker of page.DeleteMarkers ?? []) of(marker.Key).deleted = true;
    const keys = [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    open = keys.pop();
    yield* keys;
  }
  if (open) yield open;
}

async function* pages(client: S3Client, Bucket: string, Prefix: string): AsyncGenerator<ListObjectVersionsOutput> {
  let from: Pick<ListObjectVersionsOutput, 'KeyMarker' | 'VersionIdMarker'> = {};
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix, ...from }));
    yield page;
    if (page.IsTruncated !== true) return;
    from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

async function entryOf(client: S3Client, bucket: string, { key, versions, deleted }: Kept): Promise<KeptEntry | null> {
  const place = placeOfKey(key);
  const first = versions.at(-1);
  if (place === null) return null;
  if (first === undefined) return { place, text: '', versions: 0, deleted };
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: first.VersionId }));
  return { place, text: (await Body?.transformToString()) ?? '', versions: versions.length, deleted };
}
