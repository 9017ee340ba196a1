import { createReadStream } from 'node:fs';
import { Upload } from '@aws-sdk/lib-storage';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Connection } from '../fleet/connection.ts';
import type { FoundDocument } from './find-documents.ts';

/** Files on their way at once. */
const AT_ONCE = 16;

/** What the manifest tells the run; its arrival starts it. */
export interface Manifest {
  readonly documents: number;
  /** Most US dollars a document may cost; enforced before each model call. */
  readonly maxUsdPerDocument?: number;
}

/** Uploads every document to `uploads/<id>/`, then the manifest that starts the run. */
export async function upload(
  { s3, outputs }: Connection,
  uploadId: string,
  documents: readonly FoundDocument[],
  manifest: Manifest,
  onProgress: (done: number) => void,
): Promise<void> {
  const Bucket = outputs.UploadBucket;
  let done = 0;
  const queue = documents.values();
  const one = async (): Promise<void> => {
    for (const document of queue) {
      const Body = createReadStream(document.path);
      const Key = `uploads/${uploadId}/${document.file}`;
      await new Upload({ client: s3, params: { Bucket, Key, Body, ContentLength: document.size } }).done();
      onProgress((done += 1));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  await s3.send(
    new PutObjectCommand({
      Bucket,
      Key: `uploads/${uploadId}/_manifest.json`,
      Body: JSON.stringify(manifest),
      ContentType: 'application/json',
    }),
  );
}
