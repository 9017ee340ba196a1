import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { BriefPlace } from './brief-files.ts';

/** Where the scouts of the local fleet read which port serves the simulated web. */
const KEY = 'simulated-web.json';

/** Says where the pages of the simulated web are served. */
export async function announceStandIn({ s3, bucket }: BriefPlace, port: number): Promise<void> {
  const Body = JSON.stringify({ port });
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: KEY, Body, ContentType: 'application/json' }));
}
