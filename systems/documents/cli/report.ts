import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { DocumentsConnection } from './connection.ts';

const FILES = ['report.html', 'report.json', 'report.csv'] as const;

/** The part of report.json that the command line reads. docs/report-schema.md describes all of it. */
const reportSchema = z.object({
  runId: z.string(),
  seconds: z.number(),
  totals: z.object({ documents: z.number(), succeeded: z.number(), failed: z.number(), usd: z.number() }),
  documents: z.array(z.object({ file: z.string(), status: z.string(), reason: z.string().optional() })),
});
export type RunReport = z.infer<typeof reportSchema>;

/** Downloads a run's report files into a folder and parses report.json. */
export async function downloadReport(
  { s3, outputs }: DocumentsConnection,
  runId: string,
  folder: string,
): Promise<RunReport> {
  await mkdir(folder, { recursive: true });
  for (const file of FILES) {
    const object = await s3.send(new GetObjectCommand({ Bucket: outputs.UploadBucket, Key: `runs/${runId}/${file}` }));
    if (!(object.Body instanceof Readable)) throw new Error(`The body of ${file} is not a stream.`);
    await pipeline(object.Body, createWriteStream(join(folder, file)));
  }
  return reportSchema.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')));
}

export const reportFolder = (out: string | undefined, runId: string): string => resolve(out ?? join('reports', runId));
