import { open } from 'node:fs/promises';
import { Upload } from '@aws-sdk/lib-storage';
import { GetObjectCommand, paginateListObjectsV2, PutObjectCommand } from '@aws-sdk/client-s3';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import { manifestKey } from '#core/uploads/upload.ts';
import { parseUploadManifest, type UploadManifest } from '#core/uploads/upload-manifest.ts';
import type { DocumentsConnection } from './connection.ts';
import { unlessUnreadable, type FoundDocument, type SkippedFile } from './find-documents.ts';

/** Files uploaded in parallel. */
const AT_ONCE = 16;

/** What a person limits. It is stored before the first document. */
export type UploadLimits = Pick<UploadManifest, 'maxUsd' | 'maxUsdPerDocument'>;

export interface UploadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
  /** Receives files that cannot be read any more. The upload goes on. */
  readonly onSkipped?: (skipped: SkippedFile) => void;
  /** Called before the run is started. From then on Ctrl-C no longer stops the upload. */
  readonly onStart?: () => void;
}

/**
 * Uploads every document to `uploads/<id>/`. The upload manifest is the first object: it carries the limits and says that
 * the upload is open, so that nothing starts its run. Overwriting it as complete starts the run. An interrupted upload
 * is marked as given up; one that was killed stays open. Neither ever starts.
 */
export async function upload(
  connection: DocumentsConnection,
  uploadId: string,
  documents: readonly FoundDocument[],
  limits: UploadLimits,
  options: UploadOptions = {},
): Promise<void> {
  const manifest = { documents: documents.length, ...limits };
  const put = (state: UploadManifest['state']) => putManifest(connection, uploadId, { ...manifest, state });
  await put('open');
  try {
    await uploadAll(connection, uploadId, documents, options);
    options.signal?.throwIfAborted();
  } catch (error) {
    // If this cannot be written, the upload stays open, which does not start it either.
    if (options.signal?.aborted) await put('given-up').catch(() => undefined);
    throw error;
  }
  options.onStart?.();
  await put('complete');
}

async function uploadAll(
  connection: DocumentsConnection,
  uploadId: string,
  documents: readonly FoundDocument[],
  { signal, onProgress, onSkipped }: UploadOptions,
): Promise<void> {
  const stored = await storedObjects(connection, uploadId);
  let done = 0;
  await inParallel(
    documents,
    async (document) => {
      signal?.throwIfAborted();
      const result = await unlessUnreadable(uploadOne(connection, uploadId, document, { signal, stored }));
      if ('reason' in result) onSkipped?.({ file: document.file, reason: result.reason });
      onProgress?.((done += 1));
    },
    AT_ONCE,
  );
}

interface Stored {
  readonly size: number;
  readonly modified: number;
}

async function uploadOne(
  { s3, outputs }: DocumentsConnection,
  uploadId: string,
  { path, file, size }: FoundDocument,
  { signal, stored }: { readonly signal: AbortSignal | undefined; readonly stored: ReadonlyMap<string, Stored> },
): Promise<void> {
  const handle = await open(path);
  try {
    const key = `uploads/${uploadId}/${file}`;
    const before = stored.get(key);
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

/** What an earlier, interrupted upload has stored. As `aws s3 sync` does, files of the same size and no newer are kept. */
async function storedObjects({ s3, outputs }: DocumentsConnection, uploadId: string): Promise<Map<string, Stored>> {
  const stored = new Map<string, Stored>();
  const below = { Bucket: outputs.UploadBucket, Prefix: `uploads/${uploadId}/` };
  for await (const page of paginateListObjectsV2({ client: s3 }, below)) {
    for (const { Key, Size = 0, LastModified } of page.Contents ?? [])
      stored.set(Key ?? '', { size: Size, modified: LastModified?.getTime() ?? 0 });
  }
  return stored;
}

async function putManifest(
  { s3, outputs }: DocumentsConnection,
  uploadId: string,
  manifest: UploadManifest,
): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: outputs.UploadBucket,
      Key: manifestKey(uploadId),
      Body: JSON.stringify(manifest),
      ContentType: 'application/json',
    }),
  );
}

/** Returns an upload's manifest, or null if it has none or it cannot be read. */
export async function readManifest(
  { s3, outputs }: DocumentsConnection,
  uploadId: string,
): Promise<UploadManifest | null> {
  try {
    const stored = await s3.send(new GetObjectCommand({ Bucket: outputs.UploadBucket, Key: manifestKey(uploadId) }));
    const parsed = parseUploadManifest((await stored.Body?.transformToString()) ?? '');
    return parsed.ok ? parsed.manifest : null;
  } catch {
    return null;
  }
}
