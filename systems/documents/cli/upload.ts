import { open } from 'node:fs/promises';
import { Upload } from '@aws-sdk/lib-storage';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import type { UploadManifest } from '#core/uploads/upload-manifest.ts';
import { count } from '#cli/terminal/format.ts';
import { UserError } from '#cli/user-error.ts';
import type { DocumentsConnection } from './connection.ts';
import { unlessUnreadable, type FoundDocument, type SkippedFile } from './find-documents.ts';
import { putManifest, readStoredManifest, requireManifest } from './manifest.ts';
import { deleteObjects, storedObjects, type StoredObject } from './stored-objects.ts';

/** Files uploaded in parallel. */
const AT_ONCE = 16;

/** After this many files the command looks whether the upload is still its own. */
const LOOK_EVERY = 16;

/** What a person limits. It is stored before the first document. */
export type UploadLimits = Pick<UploadManifest, 'maxUsd' | 'maxUsdPerDocument'>;

export interface UploadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
  /** Receives files that cannot be read any more. The upload goes on. */
  readonly onSkipped?: (skipped: SkippedFile) => void;
  /** Receives the number of documents that an earlier attempt has stored and that were deleted. */
  readonly onDeleted?: (documents: number) => void;
  /** Called before the run is started. From then on Ctrl-C no longer stops the upload. */
  readonly onStart?: () => void;
  /** The ETag of the manifest that `--resume` has read. @default the one that is stored */
  readonly replaces?: string | undefined;
}

type S3Connection = Pick<DocumentsConnection, 's3' | 'outputs'>;

/**
 * Uploads every document to `uploads/<id>/`. The upload manifest is the first object: it carries the limits and says that
 * the upload is open, so that nothing starts its run. Overwriting it as complete starts the run. An interrupted upload
 * is marked as given up; one that was killed stays open. Neither ever starts.
 *
 * What else is stored there, by an earlier attempt, is deleted before the run starts: the limits were computed for these
 * documents alone. A command whose upload another one has taken over stops, and deletes nothing.
 */
export async function upload(
  connection: S3Connection,
  uploadId: string,
  documents: readonly FoundDocument[],
  limits: UploadLimits,
  options: UploadOptions = {},
): Promise<void> {
  const put = (state: UploadManifest['state'], replaces: string | null, stored = documents.length) =>
    putManifest(connection, uploadId, { documents: stored, ...limits, state }, replaces);
  const before = options.replaces ?? (await readStoredManifest(connection, uploadId))?.etag ?? null;
  const opened = await put('open', before);
  let stored = documents.length;
  try {
    const requireOwn = () => requireManifest(connection, uploadId, opened);
    const uploaded = await uploadAll(connection, uploadId, documents, options, requireOwn);
    const deleted = await deleteObjects(connection, uploadId, (key) => uploaded.has(key), requireOwn);
    await requireStored(connection, uploadId, uploaded);
    stored = uploaded.size;
    if (deleted > 0) options.onDeleted?.(deleted);
    options.signal?.throwIfAborted();
  } catch (error) {
    // If this cannot be written, the upload stays open, which does not start it either.
    if (options.signal?.aborted) await put('given-up', opened).catch(() => undefined);
    throw error;
  }
  options.onStart?.();
  // Files that could not be read leave no room for others that come later.
  await put('complete', opened, stored);
}

/** Throws a `UserError` unless every document is there: a command that was discarding the upload may have deleted some. */
async function requireStored(connection: S3Connection, uploadId: string, keys: ReadonlySet<string>): Promise<void> {
  const missing = new Set(keys);
  for await (const { key } of storedObjects(connection, uploadId)) missing.delete(key);
  if (missing.size === 0) return;
  throw new UserError(
    `Another command has deleted ${count(missing.size, 'document')} of run "${uploadId}" during the upload. Its run does not start.`,
    `Run the command again with --resume ${uploadId}.`,
  );
}

const keyOf = (uploadId: string, { file }: FoundDocument): string => `uploads/${uploadId}/${file}`;

/** @returns the keys of the documents that could be read */
async function uploadAll(
  connection: S3Connection,
  uploadId: string,
  documents: readonly FoundDocument[],
  { signal, onProgress, onSkipped }: UploadOptions,
  requireOwn: () => Promise<void>,
): Promise<ReadonlySet<string>> {
  const stored = new Map<string, StoredObject>();
  for await (const object of storedObjects(connection, uploadId)) stored.set(object.key, object);
  const uploaded = new Set<string>();
  let begun = 0;
  let done = 0;
  await inParallel(
    documents,
    async (document) => {
      signal?.throwIfAborted();
      if ((begun += 1) % LOOK_EVERY === 0) await requireOwn();
      const key = keyOf(uploadId, document);
      const result = await unlessUnreadable(uploadOne(connection, document, { key, signal, before: stored.get(key) }));
      if ('reason' in result) onSkipped?.({ file: document.file, reason: result.reason });
      else uploaded.add(key);
      onProgress?.((done += 1));
    },
    AT_ONCE,
  );
  return uploaded;
}

interface Place {
  readonly key: string;
  readonly signal: AbortSignal | undefined;
  /** What an earlier attempt has stored there. As `aws s3 sync` does, files of the same size and no newer are kept. */
  readonly before: StoredObject | undefined;
}

async function uploadOne(
  { s3, outputs }: S3Connection,
  { path, size }: FoundDocument,
  { key, signal, before }: Place,
): Promise<void> {
  const handle = await open(path);
  try {
    if (before?.size === size && before.modified >= (await handle.stat()).mtimeMs) return;
    // Without a length the SDK counts what it read, so a file that grows or shrinks meanwhile does no harm.
    const params = { Bucket: outputs.UploadBucket, Key: key, Body: handle.createReadStream({ autoClose: false }) };
    const sending = new Upload({ client: s3, params });
    const stop = (): void => void sending.abort();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      await sending.done();
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  } finally {
    await handle.close();
  }
}
