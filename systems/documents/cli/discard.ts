import { UserError } from '#cli/user-error.ts';
import type { DocumentsConnection } from './connection.ts';
import { isComplete, putManifest, readStoredManifest, requireManifest } from './manifest.ts';
import { deleteObjects } from './stored-objects.ts';

/**
 * Gives an interrupted upload up for good, then deletes what it has stored. The upload manifest stays: without one, a
 * check of the intake that is still queued, or another uploader, could start a run without its limit.
 * Throws a `UserError` if the upload is complete: its run has started.
 * @returns the number of deleted objects
 */
export async function discard(
  connection: Pick<DocumentsConnection, 's3' | 'outputs'>,
  uploadId: string,
): Promise<number> {
  const stored = await readStoredManifest(connection, uploadId);
  if (stored === null) throw new UserError(`No upload of run "${uploadId}" exists.`, 'Check the id.');
  const { manifest, etag } = stored;
  if (manifest.state === 'complete')
    throw isComplete(uploadId, `Stop the run: npm run fleet -- cancel --run ${uploadId}.`);
  const givenUp = await putManifest(connection, uploadId, { ...manifest, state: 'given-up' }, etag);
  const requireOwn = () => requireManifest(connection, uploadId, givenUp);
  return deleteObjects(connection, uploadId, () => false, requireOwn);
}
