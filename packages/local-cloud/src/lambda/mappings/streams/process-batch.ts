import { ServiceError } from '../../../services/service.ts';
import type { InvokeResult } from '../../function.ts';
import { pause } from '../pause.ts';
import type { StreamSettings } from './config.ts';
import type { Discarded } from './discarded.ts';
import { firstFailure } from './stream-event.ts';
import type { BatchRecord } from './stream-event.ts';

/** Waits between attempts, in milliseconds: they double. AWS does not document its waits. */
const FIRST_WAIT_MS = 100;
const MAX_WAIT_MS = 10_000;

/** What processing a batch needs. */
export interface BatchRun {
  readonly settings: StreamSettings;
  readonly partial: boolean;
  readonly shard: number;
  readonly signal: AbortSignal;
  now(): number;
  /** The time before which records have expired. */
  horizon(): number;
  event(records: readonly BatchRecord[]): string;
  /** Throws `TooManyRequestsException` when the function is throttled. */
  invoke(payload: string): Promise<InvokeResult>;
  /** The function is about to be invoked with these records. */
  attempting(records: readonly BatchRecord[]): void;
  /** All records up to this one are done. */
  checkpoint(position: number): void;
  discard(discarded: Discarded): Promise<void>;
  failed(reason: string): void;
}

interface Piece {
  readonly records: readonly BatchRecord[];
  /** Attempts that failed and count. */
  readonly failures: number;
  readonly result: InvokeResult | undefined;
}

/** The pieces that are left of a piece, and whether to wait before the next attempt. */
interface Rest {
  readonly pieces: readonly Piece[];
  readonly wait: boolean;
}

const NOTHING: Rest = { pieces: [], wait: false };

/**
 * Processes a batch until each of its records is done or discarded.
 * 1. The checkpoint moves only past records that are done or discarded, in order.
 * 2. A function that is throttled or cannot be invoked costs no attempt.
 * 3. Bisecting costs no attempt: neither cutting a batch in half nor cutting it at the number that the function returned.
 * 4. After an abort nothing is discarded, and the checkpoint moves only for a batch that was running and succeeded.
 * @returns false when it was aborted
 */
export async function processBatch(records: readonly BatchRecord[], run: BatchRun): Promise<boolean> {
  const pieces: Piece[] = [{ records, failures: 0, result: undefined }];
  let waitMs = FIRST_WAIT_MS;
  for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
    if (run.signal.aborted) return false;
    const young = await withoutExpired(piece, run);
    if (young.records.length === 0) continue;
    const result = await attempt(young.records, run);
    if (run.signal.aborted && result?.failed !== false) return false;
    const rest = result === undefined ? { pieces: [young], wait: true } : await settle(young, result, run);
    pieces.unshift(...rest.pieces);
    if (!rest.wait) {
      waitMs = FIRST_WAIT_MS;
      continue;
    }
    await pause(waitMs, run.signal);
    waitMs = Math.min(MAX_WAIT_MS, 2 * waitMs);
  }
  return true;
}

/** Returns undefined when the function could not be invoked. */
async function attempt(records: readonly BatchRecord[], run: BatchRun): Promise<InvokeResult | undefined> {
  run.attempting(records);
  try {
    return await run.invoke(run.event(records));
  } catch (error) {
    const throttled = error instanceof ServiceError && error.code === 'TooManyRequestsException';
    if (!throttled) run.failed(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

async function settle({ records, failures: before }: Piece, result: InvokeResult, run: BatchRun): Promise<Rest> {
  const first = result.failed ? 0 : firstFailure(records, result.payload, run.partial);
  const done = records[first - 1];
  if (done !== undefined) run.checkpoint(done.position);
  const left = records.slice(first);
  if (left.length === 0) return NOTHING;
  if (run.settings.bisectOnError && records.length > 1) {
    const middle = Math.ceil(left.length / 2);
    const parts = first > 0 ? [left] : [left.slice(0, middle), left.slice(middle)];
    return { pieces: parts.map((part) => ({ records: part, failures: before, result })), wait: false };
  }
  const failures = before + 1;
  const { maximumRetryAttempts } = run.settings;
  if (maximumRetryAttempts < 0 || failures <= maximumRetryAttempts) {
    return { pieces: [{ records: left, failures, result }], wait: true };
  }
  await discard({ records: left, failures, result }, 'RetryAttemptsExhausted', run);
  return NOTHING;
}

/** Discards the records that are too old. They are the first ones. */
async function withoutExpired(piece: Piece, run: BatchRun): Promise<Piece> {
  const { maximumRecordAgeSeconds: seconds } = run.settings;
  const oldest = Math.max(run.horizon(), seconds < 0 ? 0 : run.now() - seconds * 1000);
  const young = piece.records.findIndex(({ arrivedAt }) => arrivedAt >= oldest);
  if (young === 0) return piece;
  const index = young === -1 ? piece.records.length : young;
  await discard({ ...piece, records: piece.records.slice(0, index) }, 'RecordAgeExceeded', run);
  return { ...piece, records: piece.records.slice(index) };
}

async function discard(
  { records, failures, result }: Piece,
  condition: Discarded['condition'],
  run: BatchRun,
): Promise<void> {
  const { shard } = run;
  await run.discard({ shard, records, condition, invocations: failures, result, payload: run.event(records) });
  const last = records.at(-1);
  if (last !== undefined) run.checkpoint(last.position);
}
