import { count } from '#cli/terminal/format.ts';
import { UserError } from '#cli/user-error.ts';
import type { DocumentsConnection } from './connection.ts';
import { isDiscarded } from './interrupted-upload.ts';
import { isComplete, putManifest, readManifest, readStoredManifest, requireManifest } from './manifest.ts';
import { deleteObjects } from './stored-objects.ts';

type S3Connection = Pick<DocumentsConnection, 's3' | 'outputs'>;

/** Discards an upload, or what is left of one that was discarded. @returns what to say */
export async function discardUpload(connection: S3Connection, uploadId: string): Promise<string> {
  const before = await readManifest(connection, uploadId);
  const deleted = await discard(connection, uploadId);
  if (deleted === 0 && before !== null && isDiscarded(before))
    return `The upload ${uploadId} was discarded already. It never starts.`;
  return `Deleted ${count(deleted, 'document')} of the upload ${uploadId}. It never starts.`;
}

/**
 * Gives an interrupted upload up for good, then deletes what it has stored. The upload manifest stays: without one, a
 * check of the intake that is still queued, or another uploader, could start a run without its limit. It says 0 documents,
 * so that no command continues it.
 * Throws a `UserError` if the upload is complete: its run has started.
 * @returns the number of deleted objects
 */
export async function discard(connection: S3Connection, uploadId: string): Promise<number> {
  const stored = await readStoredManifest(connection, uploadId);
  if (stored === null) throw new UserError(`No upload of run "${uploadId}" exists.`, 'Check the id.');
  const { manifest, etag } = stored;
  if (manifest.state === 'complete')
    throw isComplete(uploadId, `Stop the run: npm run fleet -- cancel --run ${uploadId}.`);
  const givenUp = await putManifest(connection, uploadId, { ...manifest, documents: 0, state: 'given-up' }, etag);
  const requireOwn = () => requireManifest(connection, uploadId, givenUp);
  return deleteObjects(connection, uploadId, () => false, requireOwn);
}
