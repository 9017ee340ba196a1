import { S3Client } from '@aws-sdk/client-s3';
import { once } from '../aws/once.ts';
import { timeouts } from '../aws/timeouts.ts';

/** An endpoint of one's own serves its buckets by path, since nobody resolves `<bucket>.127.0.0.1`. */
const settings = () => ({
  forcePathStyle: [process.env['AWS_ENDPOINT_URL'], process.env['AWS_ENDPOINT_URL_S3']].some(Boolean),
  // The biggest single request is one part of an upload: 8 MiB.
  requestHandler: timeouts({ requestTimeout: 30_000 }),
});

/** The process's S3 client, from the standard AWS environment. */
export const s3 = once(() => new S3Client(settings()));

/** For signing what others will send: the SDK would else sign the checksum of a body that is not there yet. */
export const signingS3 = once(() => new S3Client({ ...settings(), requestChecksumCalculation: 'WHEN_REQUIRED' }));
