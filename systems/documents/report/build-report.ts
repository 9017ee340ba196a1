import { addSaved, addUsage, NO_USAGE, roundUsd } from '#core/models/price.ts';
import { isTerminal, type Task } from '#core/tasks/task.ts';
import type { RunDocument } from '#runtime/index.ts';
import { documentRow, type AgentIdentity } from './document-row.ts';
import { SCHEMA_VERSION, type DocumentRow, type Report } from './schema.ts';

/** The input of a report. */
export interface ReportSource {
  readonly runId: string;
  readonly uploadId: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Why the run aborted. Null if it did not. */
  readonly brokeOff: string | null;
  readonly agent: AgentIdentity;
  readonly documents: readonly RunDocument[];
}

/** Builds the report: one row per document, in the given order. A task that several rows share is paid for once. */
export function buildReport(source: ReportSource): Report {
  const prefix = `uploads/${source.uploadId}/`;
  const firstOf = new Map<string, string>();
  const paid: Task[] = [];
  const documents = source.documents.map((document): DocumentRow => {
    const file = document.key.startsWith(prefix) ? document.key.slice(prefix.length) : document.key;
    const { task } = document;
    const duplicateOf = task ? firstOf.get(task.id) : undefined;
    if (task && duplicateOf === undefined) firstOf.set(task.id, file);
    const reused = task !== null && isReused(task, source);
    if (task && duplicateOf === undefined && !reused) paid.push(task);
    return documentRow({ document, file, duplicateOf, reused }, source.agent);
  });
  return {
    schemaVersion: SCHEMA_VERSION,
    runId: source.runId,
    uploadId: source.uploadId,
    startedAt: new Date(source.startedAt).toISOString(),
    finishedAt: new Date(source.finishedAt).toISOString(),
    seconds: round(Math.max(0, source.finishedAt - source.startedAt) / 1_000),
    ...(source.brokeOff === null ? {} : { brokeOff: source.brokeOff }),
    totals: totalsOf(documents, paid),
    documents,
  };
}

/** Whether a task of another run ended before this run started. This run paid nothing for it. */
function isReused({ runId, state }: Task, run: ReportSource): boolean {
  return runId !== run.runId && isTerminal(state) && state.finishedAt < run.startedAt;
}

function totalsOf(documents: readonly DocumentRow[], paid: readonly Task[]): Report['totals'] {
  const failed = documents.filter((row) => row.status === 'failed');
  const succeeded = documents.filter((row) => row.status === 'succeeded');
  const failuresByReason: Record<string, number> = {};
  for (const { reasonCode } of failed) failuresByReason[reasonCode] = (failuresByReason[reasonCode] ?? 0) + 1;
  const unverified = succeeded
    .flatMap(({ clauses, risks }) => [...clauses, ...risks])
    .filter(({ verified }) => !verified);
  return {
    documents: documents.length,
    succeeded: succeeded.length,
    failed: failed.length,
    modelCalls: documents.reduce((sum, row) => sum + row.modelCalls, 0),
    tokens: documents.reduce((sum, row) => addUsage(sum, row.tokens), NO_USAGE),
    usd: roundUsd(documents.reduce((sum, row) => sum + row.usd, 0)),
    savedUsd: documents.reduce((sum, row) => addSaved(sum, row.savedUsd ?? 0), 0),
    unsettledUsd: roundUsd(paid.reduce((sum, task) => sum + task.spend.lost.usd, 0)),
    duplicates: documents.filter((row) => row.duplicateOf !== undefined).length,
    reused: documents.filter((row) => row.reused).length,
    unverifiedQuotes: unverified.length,
    failuresByReason,
  };
}

const round = (seconds: number): number => Math.round(seconds * 1_000) / 1_000;
