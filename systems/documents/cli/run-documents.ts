import type { DocumentsConnection } from './connection.ts';
import { count, dollars, duration } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { oneLine } from '#cli/terminal/printable.ts';
import type { Estimate } from './estimate.ts';
import type { FoundDocument, SkippedFile } from './find-documents.ts';
import { UserError } from '#cli/user-error.ts';
import { downloadReport, untilReported, type RunReport } from './report.ts';
import { upload, type UploadLimits } from './upload.ts';
import { watchRun } from './watch.ts';

/** The result of a run, as `--json` prints it. */
export interface RunSummary {
  readonly runId: string;
  readonly documents: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly usd: number;
  readonly seconds: number;
  /** The folder with report.html, report.json and report.csv. */
  readonly out: string;
  /** Files of the folder that could not be read, or are no regular files. They are not in the report. */
  readonly skipped?: readonly SkippedFile[];
}

export interface RunContext {
  readonly connection: DocumentsConnection;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** A new run over the documents of a folder. */
export interface DocumentsRun {
  readonly runId: string;
  readonly documents: readonly FoundDocument[];
  readonly estimate: Estimate;
  /** Maximum cost of the whole run in US dollars. Null: only the tasks' budgets limit it. */
  readonly maxUsd: number | null;
  /** The folder for the report. */
  readonly out: string;
  /** Files that could not be read before the upload. @default none */
  readonly skipped?: readonly SkippedFile[];
  /** The ETag of the manifest of the interrupted upload that it continues. */
  readonly replaces?: string | undefined;
}

/**
 * Uploads documents, waits for their run and downloads the report.
 * @param onStart called when the upload is complete, before its run starts
 */
export async function runDocuments(context: RunContext, run: DocumentsRun, onStart?: () => void): Promise<RunSummary> {
  const { connection, output, signal } = context;
  const skipped = [...(run.skipped ?? [])];
  const total = run.documents.length;
  await upload(connection, run.runId, run.documents, limitsOf(run), {
    signal,
    onProgress: (done) => output.progress(`Uploading ${done}/${total} …`),
    onSkipped: (file) => {
      skipped.push(file);
      sayOfSkipped(file, output);
    },
    onDeleted: (documents) =>
      output.line(`Deleted ${count(documents, 'document')} of an earlier attempt, not part of this run.`),
    replaces: run.replaces,
    ...(onStart === undefined ? {} : { onStart }),
  });
  const uploaded = total - (skipped.length - (run.skipped?.length ?? 0));
  return { ...(await followRun(context, { ...run, total: uploaded })), ...(skipped.length > 0 && { skipped }) };
}

export const sayOfSkipped = ({ file, reason }: SkippedFile, output: Output): void =>
  output.line(`! ${oneLine(file)} is left out: ${reason}`);

const NAMES_SHOWN = 10;

/** Names the files in one line: a folder may have many. */
export function sayOfIrregular(files: readonly SkippedFile[], output: Output): void {
  const names = files.slice(0, NAMES_SHOWN).map(({ file }) => oneLine(file));
  const more = files.length > NAMES_SHOWN ? ` and ${files.length - NAMES_SHOWN} more` : '';
  output.line(`! ${files.length} skipped: not regular files: ${names.join(', ')}${more}`);
}

/** Divides a run's limit among the documents that cost anything, so that their sum cannot exceed it. */
function limitsOf({ estimate, maxUsd }: Pick<DocumentsRun, 'estimate' | 'maxUsd'>): UploadLimits {
  if (maxUsd === null) return {};
  const paying = estimate.perDocument.filter((usd) => usd > 0).length;
  return { maxUsd, maxUsdPerDocument: maxUsd / Math.max(1, paying) };
}

/** Waits for a run to end and downloads its report. */
export async function followRun(
  { connection, output, signal }: RunContext,
  run: { readonly runId: string; readonly total: number | null; readonly out: string },
): Promise<RunSummary> {
  const status = await watchRun(connection, run.runId, { total: run.total, signal }, output);
  if (status !== 'SUCCEEDED') {
    output.progress('The run was stopped. Writing the report …');
    await untilReported(connection, run.runId, signal);
  }
  const report = await downloadReport(connection, run.runId, run.out);
  summarize(report, run.out, output);
  if (status !== 'SUCCEEDED') throw endedEarly(run.runId, status);
  const { documents, succeeded, failed, usd } = report.totals;
  return { runId: run.runId, documents, succeeded, failed, usd, seconds: report.seconds, out: run.out };
}

const endedEarly = (runId: string, status: string): UserError =>
  new UserError(
    status === 'ABORTED'
      ? `Run "${runId}" was cancelled. The report has what was done.`
      : `Run "${runId}" ended with status ${status}. The report has what was done.`,
    `Retry the other documents: npm run fleet -- documents --retry-failed ${runId}.`,
  );

const REASONS_SHOWN = 10;

function summarize(report: RunReport, out: string, output: Output): void {
  const { documents, succeeded, failed, usd, unsettledUsd } = report.totals;
  const unsettled = unsettledUsd > 0 ? `, plus up to ${dollars(unsettledUsd)} for interrupted calls` : '';
  output.line(
    `${count(documents, 'document')} in ${duration(report.seconds * 1_000)}: ${succeeded} succeeded, ${failed} failed, ${dollars(usd)}${unsettled}`,
  );
  const failures = report.documents.filter(({ status }) => status !== 'succeeded');
  for (const { file, reason } of failures.slice(0, REASONS_SHOWN))
    output.line(`  ✗ ${oneLine(file)}: ${reason ?? 'no reason given'}`);
  if (failures.length > REASONS_SHOWN) output.line(`  … and ${failures.length - REASONS_SHOWN} more in the report`);
  output.line(`Report: ${out}/report.html`);
}

export function announce(estimate: Estimate, documents: number, output: Output): void {
  output.line(
    `${count(documents, 'document')}, about ${count(estimate.pages, 'page')}: estimated ${dollars(estimate.usd)}, at most ${dollars(estimate.atMostUsd)}.`,
  );
}
