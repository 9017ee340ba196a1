import { createReadStream } from 'node:fs';
import { Upload } from '@aws-sdk/lib-storage';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import type { DocumentsConnection } from './connection.ts';
import type { FoundDocument } from './find-documents.ts';

/** Files on their way at once. */
const AT_ONCE = 16;

/** What the manifest tells the run; its arrival starts it. */
const manifestSchema = z.object({
  documents: z.number().int().nonnegative(),
  /** Most US dollars a document may cost; enforced before each model call. */
  maxUsdPerDocument: z.number().positive().optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

const manifestKey = (uploadId: string): string => `uploads/${uploadId}/_manifest.json`;

/** Uploads every document to `uploads/<id>/`, then the manifest that starts the run. */
export async function upload(
  { s3, outputs }: DocumentsConnection,
  uploadId: string,
  documents: readonly FoundDocument[],
  manifest: Manifest,
  onProgress: (done: number) => void,
): Promise<void> {
  const Bucket = outputs.UploadBucket;
  let done = 0;
  await inParallel(
    documents,
    async ({ path, file, size }) => {
      const params = { Bucket, Key: `uploads/${uploadId}/${file}`, Body: createReadStream(path), ContentLength: size };
      await new Upload({ client: s3, params }).done();
      onProgress((done += 1));
    },
    AT_ONCE,
  );
  await s3.send(
    new PutObjectCommand({
      Bucket,
      Key: manifestKey(uploadId),
      Body: JSON.stringify(manifest),
      ContentType: 'application/json',
    }),
  );
}

/** How many documents an upload's manifest announced; null when there is none to read. */
export async function uploadedDocuments(
  { s3, outputs }: DocumentsConnection,
  uploadId: string,
): Promise<number | null> {
  try {
    const manifest = await s3.send(new GetObjectCommand({ Bucket: outputs.UploadBucket, Key: manifestKey(uploadId) }));
    return manifestSchema.parse(JSON.parse((await manifest.Body?.transformToString()) ?? '')).documents;
  } catch {
    // Only the progress bar misses it.
    return null;
  }
}
