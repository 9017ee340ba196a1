import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, HeadObjectCommand, NotFound } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { makeFolder } from '#cli/make-folder.ts';
import { UserError } from '#cli/user-error.ts';
import type { DocumentsConnection } from './connection.ts';
import { executionArn } from './watch.ts';

const FILES = ['report.html', 'report.json', 'report.csv'] as const;

/** The part of report.json that the command line reads. docs/report-schema.md describes all of it. */
const reportSchema = z.object({
  runId: z.string(),
  seconds: z.number(),
  totals: z.object({
    documents: z.number(),
    succeeded: z.number(),
    failed: z.number(),
    usd: z.number(),
    /** What interrupted calls can have cost at most. */
    unsettledUsd: z.number().default(0),
  }),
  documents: z.array(z.object({ file: z.string(), status: z.string(), reason: z.string().optional() })),
});
export type RunReport = z.infer<typeof reportSchema>;

/** Downloads a run's report files into a folder and parses report.json. */
export async function downloadReport(
  { s3, outputs }: DocumentsConnection,
  runId: string,
  folder: string,
): Promise<RunReport> {
  makeFolder(folder);
  for (const file of FILES) {
    const object = await s3.send(new GetObjectCommand({ Bucket: outputs.UploadBucket, Key: `runs/${runId}/${file}` }));
    if (!(object.Body instanceof Readable)) throw new Error(`The body of ${file} is not a stream.`);
    await pipeline(object.Body, createWriteStream(join(folder, file)));
  }
  return reportSchema.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')));
}

/** A stopped run's report is written when its tasks have ended. */
const REPORT_WITHIN_MS = 120_000;
const POLL_EVERY_MS = 500;

/**
 * Waits for the report of a run whose execution was stopped. The report of a redriven one that is older than the redrive
 * is about an earlier attempt. Throws a `UserError` if none is written.
 */
export async function untilReported(
  connection: Pick<DocumentsConnection, 's3' | 'sfn' | 'outputs'>,
  runId: string,
  signal: AbortSignal,
): Promise<void> {
  const { s3, sfn, outputs } = connection;
  const describe = new DescribeExecutionCommand({ executionArn: executionArn(connection, runId) });
  const { redriveDate } = await sfn.send(describe);
  const from = wholeSecond(redriveDate?.getTime() ?? 0);
  const giveUpAt = Date.now() + REPORT_WITHIN_MS;
  while (Date.now() < giveUpAt) {
    signal.throwIfAborted();
    const Key = `runs/${runId}/report.html`;
    const found = await s3.send(new HeadObjectCommand({ Bucket: outputs.UploadBucket, Key })).catch(unlessMissing);
    if (found !== null && (found.LastModified?.getTime() ?? 0) >= from) return;
    await delay(POLL_EVERY_MS, undefined, { signal });
  }
  throw new UserError(
    `The run "${runId}" was stopped, and its report was not written.`,
    `Retry the documents: npm run fleet -- documents --retry-failed ${runId}.`,
  );
}

/** S3 keeps times in seconds. */
const wholeSecond = (ms: number): number => Math.floor(ms / 1_000) * 1_000;

function unlessMissing(error: unknown): null {
  if (error instanceof NotFound) return null;
  throw error;
}

/** Where reports are written unless --out names a folder. */
export const REPORTS = 'reports';

export const reportFolder = (out: string | undefined, runId: string): string => resolve(out ?? join(REPORTS, runId));
