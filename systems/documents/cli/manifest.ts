import { isDeepStrictEqual } from 'node:util';
import { GetObjectCommand, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { UserError } from '#cli/user-error.ts';
import { manifestKey } from '#core/uploads/upload.ts';
import { parseUploadManifest, type UploadManifest } from '#core/uploads/upload-manifest.ts';
import type { DocumentsConnection } from './connection.ts';

/** An upload manifest as it is stored now. */
export interface StoredManifest {
  readonly manifest: UploadManifest;
  /** Changes with every content. A write names it, so that it replaces nothing else. */
  readonly etag: string;
}

type S3Connection = Pick<DocumentsConnection, 's3' | 'outputs'>;

/** Returns an upload's manifest, or null if it has none or it cannot be read. */
export async function readManifest(connection: S3Connection, uploadId: string): Promise<UploadManifest | null> {
  return (await readStoredManifest(connection, uploadId).catch(() => null))?.manifest ?? null;
}

/** Returns an upload's manifest with its ETag, or null if it has none. Throws a `UserError` if it is not valid. */
export async function readStoredManifest(
  { s3, outputs }: S3Connection,
  uploadId: string,
): Promise<StoredManifest | null> {
  const read = new GetObjectCommand({ Bucket: outputs.UploadBucket, Key: manifestKey(uploadId) });
  const stored = await s3.send(read).catch(unlessStatus(404));
  if (stored === null) return null;
  const parsed = parseUploadManifest((await stored.Body?.transformToString()) ?? '');
  if (!parsed.ok) throw new UserError(`Upload "${uploadId}": ${parsed.problem}`, 'Use another id.');
  return { manifest: parsed.manifest, etag: stored.ETag ?? '' };
}

/**
 * Writes an upload's manifest over the one that the caller knows. Throws a `UserError` if another command has changed it
 * since, so that no command completes or gives up what another one owns.
 * @param replaces the ETag of the known manifest; null if there was none
 * @returns the ETag of the new one
 */
export async function putManifest(
  connection: S3Connection,
  uploadId: string,
  manifest: UploadManifest,
  replaces: string | null,
): Promise<string> {
  const { s3, outputs } = connection;
  const put = new PutObjectCommand({
    Bucket: outputs.UploadBucket,
    Key: manifestKey(uploadId),
    Body: JSON.stringify(manifest),
    ContentType: 'application/json',
    ...(replaces === null ? { IfNoneMatch: '*' } : { IfMatch: replaces }),
  });
  // Deleted meanwhile, changed meanwhile, being changed right now.
  const stored = await s3.send(put).catch(unlessStatus(404, 409, 412));
  if (stored !== null) return stored.ETag ?? '';
  // The SDK retries a write whose response was lost, and the second one finds the first.
  const now = await readStoredManifest(connection, uploadId);
  if (now !== null && isDeepStrictEqual(now.manifest, manifest)) return now.etag;
  throw superseded(uploadId);
}

/** Throws a `UserError` unless the manifest is the one that the caller has written: the upload is another command's. */
export async function requireManifest(connection: S3Connection, uploadId: string, etag: string): Promise<void> {
  if ((await readStoredManifest(connection, uploadId))?.etag !== etag) throw superseded(uploadId);
}

const superseded = (uploadId: string): UserError =>
  new UserError(
    `Another command has continued, completed or discarded the upload of run "${uploadId}" meanwhile.`,
    `See what became of it: npm run fleet -- documents --run ${uploadId}.`,
  );

/** The upload is complete: its run has started. */
export const isComplete = (uploadId: string, remedy: string): UserError =>
  new UserError(`The upload of run "${uploadId}" is complete, and its run has started.`, remedy);

const unlessStatus =
  (...statuses: readonly number[]) =>
  (error: unknown): null => {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status !== undefined && statuses.includes(status)) return null;
    throw error;
  };
