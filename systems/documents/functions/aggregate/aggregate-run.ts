import { z } from 'zod';
import { type AggregatePorts, mapErrorSchema, readRunDocuments, resultsRefSchema } from '#runtime/index.ts';
import { tokensOf } from '#core/models/price.ts';
import { ANALYST } from '../../agents/identity.ts';
import { buildReport } from '../../report/build-report.ts';
import { reportCsv } from '../../report/csv.ts';
import { reportHtml } from '../../report/html/page.ts';
import type { Report } from '../../report/schema.ts';

/** What the state machine says of a run when its map has ended, one way or another. */
export const aggregateInputSchema = z.object({
  runId: z.string().min(1),
  uploadId: z.string().min(1),
  /** When the execution started, ISO 8601. */
  startedAt: z.iso.datetime({ offset: true }),
  /** The ResultWriter's manifest; null when the map broke off before it wrote any. */
  results: resultsRefSchema.nullable(),
  /** Why the map broke off; null when it did not. */
  mapError: mapErrorSchema.nullable(),
});
export type AggregateInput = z.infer<typeof aggregateInputSchema>;

/** What goes on to the notification, small enough for it. */
export interface AggregateOutput {
  readonly runId: string;
  readonly documents: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly usd: number;
  /** Of all kinds together. */
  readonly tokens: number;
  /** Keys in the bucket. */
  readonly reports: { readonly html: string; readonly json: string; readonly csv: string };
}

/** Brings a run's results together and writes its report. Doing it again writes the same report anew. */
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
  const reports = await writeReports(ports, report);
  const { succeeded, failed, usd, tokens } = report.totals;
  return { runId: run.runId, documents: documents.length, succeeded, failed, usd, tokens: tokensOf(tokens), reports };
}

async function writeReports(
  { artifacts, bucket }: AggregatePorts,
  report: Report,
): Promise<AggregateOutput['reports']> {
  const put = async (extension: string, content: string | Uint8Array, contentType: string): Promise<string> => {
    const key = `runs/${report.runId}/report.${extension}`;
    await artifacts.put({ bucket, key }, content, contentType);
    return key;
  };
  // One after the other, so that only one of them is in memory.
  return {
    json: await put('json', JSON.stringify(report, null, 2), 'application/json'),
    csv: await put('csv', reportCsv(report), 'text/csv; charset=utf-8'),
    html: await put('html', encode(reportHtml(report)), 'text/html; charset=utf-8'),
  };
}

/** Turned into bytes part by part: as one string, a big report would take twice its size. */
const encode = (parts: Iterable<string>): Uint8Array => Buffer.concat(Array.from(parts, (part) => Buffer.from(part)));
