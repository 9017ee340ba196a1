import { DeleteObjectsCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { UserError } from '#cli/user-error.ts';
import { manifestKey } from '#core/uploads/upload.ts';
import type { DocumentsConnection } from './connection.ts';
import { readManifest } from './upload.ts';

/**
 * Deletes what an interrupted upload has stored. The manifest goes last, so that the upload never counts as complete.
 * Throws a `UserError` if the upload is complete: its run has started.
 * @returns the number of deleted objects
 */
export async function discard(connection: DocumentsConnection, uploadId: string): Promise<number> {
  const { s3, outputs } = connection;
  const Bucket = outputs.UploadBucket;
  const manifest = await readManifest(connection, uploadId);
  if (manifest === null) throw new UserError(`No upload of run "${uploadId}" exists.`, 'Check the id.');
  if (manifest.state === 'complete')
    throw new UserError(
      `The upload of run "${uploadId}" is complete, and its run has started.`,
      `Stop the run: npm run fleet -- cancel --run ${uploadId}.`,
    );
  let deleted = 0;
  const last = manifestKey(uploadId);
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: `uploads/${uploadId}/` })) {
    const keys = (page.Contents ?? []).flatMap(({ Key }) => (Key === undefined || Key === last ? [] : [{ Key }]));
    if (keys.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys, Quiet: true } }));
    deleted += keys.length;
  }
  await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: last }], Quiet: true } }));
  return deleted + 1;
}
