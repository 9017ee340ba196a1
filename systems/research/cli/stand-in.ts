import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SIMULATED_WEB_KEY, type SimulatedWebPlace } from '../night/item.ts';
import type { BriefPlace } from './brief-files.ts';

/** Tells the scouts of the local fleet where the pages of the simulated web are served, and which night they show. */
export async function announceStandIn({ s3, bucket }: BriefPlace, place: SimulatedWebPlace): Promise<void> {
  const Body = JSON.stringify(place);
  await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: SIMULATED_WEB_KEY, Body, ContentType: 'application/json' }),
  );
}
