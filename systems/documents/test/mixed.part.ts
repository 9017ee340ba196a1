import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, vi } from 'vitest';
import type { ApiFleet } from '#test/e2e/api/fleet.ts';
import type { MixedPart } from '#test/mixed/part.ts';
import { reportSchema, type Report } from '../report/schema.ts';
import { generateSamples } from '../samples/samples.ts';

const DOCUMENTS = 2;
const uploadOf = (phase: number): string => `mixed-${phase}`;

async function withUploads<Result>(fleet: ApiFleet, use: (s3: S3Client, bucket: string) => Promise<Result>) {
  const s3 = new S3Client({ ...fleet.client, forcePathStyle: true });
  try {
    return await use(s3, fleet.output('documents', 'UploadBucket'));
  } finally {
    s3.destroy();
  }
}

/** Uploads documents that no other phase has, then the upload manifest. The run creates the tasks. */
const upload = (fleet: ApiFleet, phase: number): Promise<readonly string[]> =>
  withUploads(fleet, async (s3, Bucket) => {
    const put = (file: string, Body: string | Uint8Array) =>
      s3.send(new PutObjectCommand({ Bucket, Key: `uploads/${uploadOf(phase)}/${file}`, Body }));
    for await (const { file, bytes } of generateSamples({ count: DOCUMENTS, broken: 0, seed: phase }))
      await put(file, bytes);
    await put('_manifest.json', JSON.stringify({ documents: DOCUMENTS }));
    return [];
  });

/** The report of a phase's run, once it is written. */
const report = (fleet: ApiFleet, phase: number): Promise<Report> =>
  withUploads(fleet, (s3, Bucket) => {
    const get = new GetObjectCommand({ Bucket, Key: `runs/${uploadOf(phase)}/report.json` });
    return vi.waitFor(
      async () => reportSchema.parse(JSON.parse((await (await s3.send(get)).Body?.transformToString()) ?? '')),
      { timeout: 60_000, interval: 250 },
    );
  });

/** Every phase's documents are analysed and reported. */
export const part: MixedPart = {
  system: 'documents',
  submit: upload,
  async check(fleet, phases) {
    for (let phase = 1; phase <= phases; phase += 1) {
      const { documents } = await report(fleet, phase);
      expect(documents.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    }
  },
};
