import { GetObjectCommand, paginateListObjectsV2, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { FailureError } from '#core/failures/failure.ts';
import type { ArtifactRef, Artifacts } from '#core/ports/artifacts.ts';
import { s3 } from './client.ts';
import { putOnce } from './put-once.ts';

/** Larger objects are uploaded in parts of this size, at most four at a time. */
const PART_BYTES = 8 * 1024 * 1024;

export interface S3ArtifactsOptions {
  /** @default the process's shared client */
  readonly client?: S3Client;
}

/** Stores objects in S3. An object appears whole or not at all, even if it is uploaded in parts. */
export function s3Artifacts({ client = s3() }: S3ArtifactsOptions = {}): Artifacts {
  return {
    get: (ref) => get(client, ref),
    async put({ bucket, key }, bytes, contentType) {
      const params = { Bucket: bucket, Key: key, Body: bytes, ContentType: contentType };
      await new Upload({ client, params, partSize: PART_BYTES, queueSize: 4 }).done();
    },
    create: ({ bucket, key }, bytes, contentType) =>
      putOnce(client, { Bucket: bucket, Key: key, Body: bytes, ContentType: contentType }),
    async *list(bucket, prefix) {
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key, Size, ETag, LastModified } of page.Contents ?? []) {
          if (Key === undefined) continue;
          const etag = (ETag ?? '').replaceAll('"', '');
          yield { key: Key, size: Size ?? 0, etag, modifiedAt: LastModified?.getTime() ?? 0 };
        }
      }
    },
  };
}

async function get(client: S3Client, { bucket, key }: ArtifactRef): Promise<Uint8Array> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Body ? await Body.transformToByteArray() : new Uint8Array();
  } catch (error) {
    const reason = unreadable(error, `s3://${bucket}/${key}`);
    throw reason === null ? error : new FailureError({ kind: 'permanent', reason }, { cause: error });
  }
}

/** Returns why an object cannot be read, if a retry would not help. Null for temporary errors. */
function unreadable(error: unknown, uri: string): string | null {
  if (!(error instanceof S3ServiceException)) return null;
  switch (error.name) {
    case 'NoSuchKey':
    case 'NoSuchBucket':
    case 'NotFound':
      return `The object ${uri} does not exist: it was deleted or never uploaded.`;
    case 'AccessDenied':
      return `Reading ${uri} was denied: grant s3:GetObject (and kms:Decrypt for an encrypted bucket) to the worker's role.`;
    case 'InvalidObjectState':
      return `${uri} is archived: restore it, then retry.`;
    default:
      return null;
  }
}
