import type { UploadManifest } from '#core/uploads/upload-manifest.ts';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import type { DocumentsConnection } from './connection.ts';
import type { FoundDocument } from './find-documents.ts';
import { isComplete, readStoredManifest, type StoredManifest } from './manifest.ts';
import { storedObjects } from './stored-objects.ts';

type S3Connection = Pick<DocumentsConnection, 's3' | 'outputs'>;

/**
 * The manifest of an interrupted upload: its limit holds when it is continued. Throws if its run has started, and wrong
 * usage if it was discarded.
 */
export async function interruptedUpload(connection: S3Connection, runId: string): Promise<StoredManifest> {
  const stored = await readStoredManifest(connection, runId);
  if (stored === null)
    throw new UserError(`No upload of run "${runId}" exists.`, 'Check the id, or leave out --resume.');
  if (stored.manifest.state === 'complete') throw isComplete(runId, `Reattach without a folder: --run ${runId}.`);
  if (isDiscarded(stored.manifest)) throw wasDiscarded(runId);
  return stored;
}

/** Whether `--discard` has given the upload up. One that was interrupted has the number of its documents. */
export const isDiscarded = ({ state, documents }: UploadManifest): boolean => state === 'given-up' && documents === 0;

export const wasDiscarded = (runId: string): UserError =>
  wrongUsage(`The upload ${runId} was discarded.`, 'Start a new one: npm run fleet -- documents FOLDER.');

/** What becomes of the stored documents of an upload that is continued. */
export interface Replaced {
  readonly kept: number;
  readonly deleted: number;
  readonly added: number;
}

/** Compares what an upload has stored with the documents that continue it, by their names. */
export async function replacedBy(
  connection: S3Connection,
  uploadId: string,
  documents: readonly FoundDocument[],
): Promise<Replaced> {
  const names = new Set(documents.map(({ file }) => `uploads/${uploadId}/${file}`));
  let kept = 0;
  let deleted = 0;
  for await (const { key } of storedObjects(connection, uploadId)) {
    if (names.has(key)) kept += 1;
    else deleted += 1;
  }
  return { kept, deleted, added: documents.length - kept };
}
