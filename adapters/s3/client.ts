import { S3Client } from '@aws-sdk/client-s3';
import { once } from '../aws/once.ts';
import { Sha256 } from '../aws/sha256.ts';
import { timeouts } from '../aws/timeouts.ts';

/** A custom endpoint needs path-style URLs, because `<bucket>.127.0.0.1` does not resolve. */
const settings = () => ({
  sha256: Sha256,
  forcePathStyle: [process.env['AWS_ENDPOINT_URL'], process.env['AWS_ENDPOINT_URL_S3']].some(Boolean),
  // The largest request is one part of an upload: 8 MiB.
  requestHandler: timeouts({ requestTimeout: 30_000 }),
});

/** The process's S3 client, from the standard AWS environment. */
export const s3 = once(() => new S3Client(settings()));

/** For presigning. By default the SDK would sign the checksum of a body that does not exist yet. */
export const signingS3 = once(() => new S3Client({ ...settings(), requestChecksumCalculation: 'WHEN_REQUIRED' }));
