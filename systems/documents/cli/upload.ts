import { createReadStream } from 'node:fs';
import { Upload } from '@aws-sdk/lib-storage';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import type { DocumentsConnection } from './connection.ts';
import type { FoundDocument } from './find-documents.ts';

/** Files uploaded in parallel. */
const AT_ONCE = 16;

/** The upload manifest. Its arrival starts the run. */
const manifestSchema = z.object({
  documents: z.number().int().nonnegative(),
  /** Maximum cost of a document in US dollars, checked before each model call. */
  maxUsdPerDocument: z.number().positive().optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

const manifestKey = (uploadId: string): string => `uploads/${uploadId}/_manifest.json`;

/** Uploads every document to `uploads/<id>/`, then the upload manifest, which starts the run. */
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

/** The number of documents in an upload's manifest, or null if it cannot be read. */
export async function uploadedDocuments(
  { s3, outputs }: DocumentsConnection,
  uploadId: string,
): Promise<number | null> {
  try {
    const manifest = await s3.send(new GetObjectCommand({ Bucket: outputs.UploadBucket, Key: manifestKey(uploadId) }));
    return manifestSchema.parse(JSON.parse((await manifest.Body?.transformToString()) ?? '')).documents;
  } catch {
    // Only the progress bar needs it.
    return null;
  }
}
