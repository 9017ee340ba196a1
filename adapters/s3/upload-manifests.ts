import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import type { UploadManifests } from '#core/ports/upload-manifests.ts';
import { manifestKey } from '#core/uploads/upload.ts';
import { s3 } from './client.ts';

export interface S3UploadManifestsOptions {
  readonly bucket: string;
  /** @default the process's shared client */
  readonly client?: S3Client;
}

/** Reads upload manifests from the bucket of the uploads. S3 returns the newest version. */
export function s3UploadManifests({ bucket, client = s3() }: S3UploadManifestsOptions): UploadManifests {
  return {
    async read(uploadId) {
      try {
        const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: manifestKey(uploadId) }));
        return { text: (await Body?.transformToString()) ?? '', etag: (ETag ?? '').replaceAll('"', '') };
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw error;
      }
    },
  };
}
