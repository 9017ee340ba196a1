import { S3Client } from '@aws-sdk/client-s3';
import { once } from './once.ts';
import { timeouts } from './timeouts.ts';

/**
 * The process's S3 client, from the standard AWS environment. An endpoint of one's own serves its buckets by path,
 * since nobody resolves `<bucket>.127.0.0.1`.
 */
export const s3 = once(
  () =>
    new S3Client({
      forcePathStyle: [process.env['AWS_ENDPOINT_URL'], process.env['AWS_ENDPOINT_URL_S3']].some(Boolean),
      // The biggest single request is one part of an upload: 8 MiB.
      requestHandler: timeouts({ requestTimeout: 30_000 }),
    }),
);
