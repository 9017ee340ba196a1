import { setTimeout as delay } from 'node:timers/promises';
import { DescribeExecutionCommand, ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import type { DocumentsConnection } from './connection.ts';
import { bar, count, dollars, duration } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { UserError } from '#cli/user-error.ts';
import { ANALYST } from '../agents/identity.ts';

const POLL_EVERY_MS = 500;
/** Once all tasks have ended. The report of a thousand documents takes less than a second. */
const POLL_AT_END_MS = 200;
/** The run index is eventually consistent. Each poll reads this far back, so that it misses no late entry. */
const LOOK_BACK_MS = 5_000;
/** Time from the end of an upload until its run must exist. */
const START_WITHIN_MS = 90_000;

export const executionArn = (connection: Pick<DocumentsConnection, 'outputs'>, runId: string): string =>
  `${connection.outputs.StateMachineArn.replace(':stateMachine:', ':execution:')}:${runId}`;

/** The tasks that have ended so far. */
interface Tally {
  readonly seen: Set<string>;
  since: number;
  usd: number;
  failed: number;
}

export interface WatchOptions {
  /** Documents in the run. Null if its size is unknown, after reattaching. */
  readonly total: number | null;
  readonly signal: AbortSignal;
}

/**
 * Shows a run's progress until its execution ends, and returns the execution's status. Throws a `UserError` if the run
 * never started, and the signal's reason if the user interrupts.
 */
export async function watchRun(
  connection: DocumentsConnection,
  runId: string,
  options: WatchOptions,
  output: Output,
): Promise<string> {
  const store = dynamodbTaskStore({
    client: connection.dynamodb,
    table: connection.outputs.StateTable,
    agents: [ANALYST.name],
  });
  const tally: Tally = { seen: new Set(), since: 0, usd: 0, failed: 0 };
  const watchedSince = Date.now();
  for (;;) {
    options.signal.throwIfAborted();
    const execution = await describe(connection, runId);
    // Without an upload manifest, no run will start.
    const patienceMs = options.total === null ? 0 : START_WITHIN_MS;
    if (!execution && Date.now() - watchedSince > patienceMs)
      throw new UserError(
        `Run "${runId}" does not exist.`,
        'Check the id. npm run fleet -- documents --help shows what run ids look like.',
      );
    if (execution) {
      if (!hasAll(tally, options)) for await (const task of store.finishedInRun(runId, tally.since)) add(tally, task);
      output.progress(progressLine(tally, options.total, execution.startDate ?? new Date()));
      if (execution.status !== 'RUNNING') {
        output.progress('');
        return execution.status ?? 'unknown';
      }
    }
    const waitMs = hasAll(tally, options) ? POLL_AT_END_MS : POLL_EVERY_MS;
    await delay(waitMs, undefined, { signal: options.signal });
  }
}

const hasAll = ({ seen }: Tally, { total }: WatchOptions): boolean => total !== null && seen.size >= total;

async function describe(connection: DocumentsConnection, runId: string) {
  try {
    const describing = new DescribeExecutionCommand({ executionArn: executionArn(connection, runId) });
    return await connection.sfn.send(describing);
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return null;
    throw error;
  }
}

function add(tally: Tally, task: { id: string; status: string; finishedAt: number; usd: number }): void {
  tally.since = Math.max(tally.since, task.finishedAt - LOOK_BACK_MS);
  if (tally.seen.has(task.id)) return;
  tally.seen.add(task.id);
  tally.usd += task.usd;
  if (task.status === 'failed') tally.failed += 1;
}

function progressLine(tally: Tally, total: number | null, startedAt: Date): string {
  const done = tally.seen.size;
  const seconds = Math.max(0.001, (Date.now() - startedAt.getTime()) / 1_000);
  const rate = done / seconds;
  const parts = [`${rate.toFixed(1)}/s`, dollars(tally.usd), `${tally.failed} failed`];
  if (total === null) return `${count(done, 'document')}  ${parts.join('  ')}`;
  if (done > 0 && done < total) parts.push(`${duration(((total - done) / rate) * 1_000)} left`);
  if (done >= total) parts.push('writing the report');
  return `${bar(done / total)} ${done}/${total}  ${parts.join('  ')}`;
}
