import { DeleteObjectsCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { UserError } from '#cli/user-error.ts';
import { manifestKey } from '#core/uploads/upload.ts';
import type { DocumentsConnection } from './connection.ts';

type S3Connection = Pick<DocumentsConnection, 's3' | 'outputs'>;

/** An object of an upload. */
export interface StoredObject {
  readonly key: string;
  readonly size: number;
  /** When it was stored, in milliseconds. */
  readonly modified: number;
}

/** Lists what an upload has stored, except its manifest. */
export async function* storedObjects({ s3, outputs }: S3Connection, uploadId: string): AsyncGenerator<StoredObject> {
  const below = { Bucket: outputs.UploadBucket, Prefix: `uploads/${uploadId}/` };
  for await (const page of paginateListObjectsV2({ client: s3 }, below)) {
    for (const { Key: key = '', Size: size = 0, LastModified } of page.Contents ?? [])
      if (key !== manifestKey(uploadId)) yield { key, size, modified: LastModified?.getTime() ?? 0 };
  }
}

/** Keys per DeleteObjects request (API limit). */
const AT_ONCE = 1_000;

/**
 * Deletes what an upload has stored, except its manifest and what is to stay. Throws a `UserError` if an object stays
 * that should not.
 * @param requireOwn throws when another command has taken the upload over; asked before each request and at the end
 * @returns the number of deleted objects
 */
export async function deleteObjects(
  connection: S3Connection,
  uploadId: string,
  stays: (key: string) => boolean,
  requireOwn: () => Promise<void>,
): Promise<number> {
  const keys: string[] = [];
  for await (const { key } of storedObjects(connection, uploadId)) if (!stays(key)) keys.push(key);
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    await requireOwn();
    await deleteAll(connection, keys.slice(from, from + AT_ONCE));
  }
  await requireOwn();
  return keys.length;
}

async function deleteAll({ s3, outputs }: S3Connection, keys: readonly string[]): Promise<void> {
  const Objects = keys.map((Key) => ({ Key }));
  const { Errors: [failed] = [] } = await s3.send(
    new DeleteObjectsCommand({ Bucket: outputs.UploadBucket, Delete: { Objects, Quiet: true } }),
  );
  // S3 responds with 200 also when single objects could not be deleted.
  if (failed === undefined) return;
  throw new UserError(
    `S3 did not delete ${failed.Key ?? 'an object'}: ${failed.Code ?? 'no code'}.`,
    'Allow s3:DeleteObject on the bucket, then run the command again.',
  );
}
