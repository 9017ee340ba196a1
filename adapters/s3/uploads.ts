import { HeadObjectCommand, NotFound, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Uploads } from '#core/ports/uploads.ts';
import { signingS3 } from './client.ts';

export interface S3UploadsOptions {
  readonly bucket: string;
  /** @default the process's shared client */
  readonly client?: S3Client;
}

/** Time to start an upload. An upload that has started may continue longer. */
const VALID_SECONDS = 900;

/** Presigns PUT requests. The signature covers key, type and length, so nothing else can be uploaded with it. */
export function s3Uploads({ bucket, client = signingS3() }: S3UploadsOptions): Uploads {
  return {
    async sign({ key, contentType, size }) {
      const put = new PutObjectCommand({ Bucket: bucket, Key: key, ContentType: contentType, ContentLength: size });
      const url = await getSignedUrl(client, put, {
        expiresIn: VALID_SECONDS,
        signableHeaders: new Set(['content-type', 'content-length', 'host']),
      });
      return { url, expiresAt: Date.now() + VALID_SECONDS * 1_000 };
    },
    async find(key) {
      try {
        const { ContentLength = 0 } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return { bucket, key, size: ContentLength };
      } catch (error) {
        if (error instanceof NotFound) return null;
        throw error;
      }
    },
  };
}
