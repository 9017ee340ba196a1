import { z } from 'zod';
import {
  type AggregatePorts,
  keepReportFields,
  keepsReport,
  mapErrorSchema,
  readRunDocuments,
  resultsRefSchema,
} from '#runtime/index.ts';
import { tokensOf } from '#core/models/price.ts';
import { ANALYST } from '../../agents/identity.ts';
import { buildReport } from '../../report/build-report.ts';
import { reportCsv } from '../../report/csv.ts';
import { reportHtml } from '../../report/html/page.ts';
import type { Report } from '../../report/schema.ts';

/** The input from the state machine after its map has ended or aborted. */
export const aggregateInputSchema = z.object({
  runId: z.string().min(1),
  uploadId: z.string().min(1),
  /** When the execution started, ISO 8601. */
  startedAt: z.iso.datetime({ offset: true }),
  /** The location of the ResultWriter's manifest. Null if the map aborted before it wrote one. */
  results: resultsRefSchema.nullable(),
  /** Why the map aborted. Null if it did not. */
  mapError: mapErrorSchema.nullable(),
  ...keepReportFields,
});
export type AggregateInput = z.infer<typeof aggregateInputSchema>;

/** The content of the notification. It is small enough for an SNS message. */
export interface AggregateOutput {
  readonly runId: string;
  readonly documents: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly usd: number;
  /** The sum of all kinds of tokens. */
  readonly tokens: number;
  /** Keys in the bucket. */
  readonly reports: { readonly html: string; readonly json: string; readonly csv: string };
}

/** Collects a run's results and writes its report. A repeated call writes the same report again. */
export async function aggregateRun(ports: AggregatePorts, run: AggregateInput): Promise<AggregateOutput> {
  const { bucket, clock } = ports;
  const documents = await readRunDocuments(ports, { ...run, bucket });
  const report = buildReport({
    runId: run.runId,
    uploadId: run.uploadId,
    startedAt: Date.parse(run.startedAt),
    finishedAt: clock.now(),
    brokeOff: run.mapError && [run.mapError.error, run.mapError.cause].filter(Boolean).join(': '),
    agent: ANALYST,
    documents,
  });
  // The page is written last.
  const keeps = await keepsReport(ports, run, keysOf(run.runId).html);
  const reports = keeps ? keysOf(run.runId) : await writeReports(ports, report);
  const { succeeded, failed, usd, tokens } = report.totals;
  return { runId: run.runId, documents: documents.length, succeeded, failed, usd, tokens: tokensOf(tokens), reports };
}

const keysOf = (runId: string): AggregateOutput['reports'] => {
  const key = (extension: string): string => `runs/${runId}/report.${extension}`;
  return { json: key('json'), csv: key('csv'), html: key('html') };
};

async function writeReports(
  { artifacts, bucket }: AggregatePorts,
  report: Report,
): Promise<AggregateOutput['reports']> {
  const keys = keysOf(report.runId);
  const put = (key: string, content: string | Uint8Array, contentType: string): Promise<void> =>
    artifacts.put({ bucket, key }, content, contentType);
  // One after another, so that only one is in memory.
  await put(keys.json, JSON.stringify(report, null, 2), 'application/json');
  await put(keys.csv, reportCsv(report), 'text/csv; charset=utf-8');
  await put(keys.html, encode(reportHtml(report)), 'text/html; charset=utf-8');
  return keys;
}

/** Encodes part by part. As one string, a large report would take twice its size. */
const encode = (parts: Iterable<string>): Uint8Array => Buffer.concat(Array.from(parts, (part) => Buffer.from(part)));
