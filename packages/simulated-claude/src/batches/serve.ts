import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { ApiError, invalidRequest } from '../api-error.ts';
import type { Call, Claude } from '../claude.ts';
import { check, parseJson } from '../request-body.ts';
import { newId } from '../ids.ts';
import type { Fault } from '../options.ts';
import { sendHalf, sendJson } from '../send-json.ts';
import { tally } from '../stats.ts';
import { createSchema, shown, type BatchJob } from './batch.ts';
import { listBatches } from './list.ts';
import type { BatchProcessor } from './process.ts';

/** One call of the Message Batches API. */
export interface BatchCall {
  readonly claude: Claude;
  readonly processor: BatchProcessor;
  readonly call: Call;
  readonly response: ServerResponse;
}

const ONE = /^(GET|POST|DELETE) \/v1\/messages\/batches\/([^/]+)(\/results|\/cancel)?$/;

/** Serves an operation of /v1/messages/batches. Throws an `ApiError` when it rejects the call. */
export function serveBatches(batchCall: BatchCall, operation: string): void {
  const { claude, call, response } = batchCall;
  if (operation === 'POST /v1/messages/batches') return create(batchCall);
  if (operation === 'GET /v1/messages/batches') return sendJson(response, 200, listBatches(claude.batches, call));
  const [, method, id = '', action = ''] = ONE.exec(operation) ?? [];
  const serve = method === undefined ? undefined : OPERATIONS[`${method} ${action}`.trim()];
  if (!serve) throw new ApiError('not_found_error', `Not found: ${operation}`);
  const job = claude.batches.get(decodeURIComponent(id));
  if (!job) throw new ApiError('not_found_error', `Not found: message batch ${id}`);
  serve(batchCall, job);
}

const OPERATIONS: Readonly<Record<string, (batchCall: BatchCall, job: BatchJob) => void>> = {
  GET: ({ call, response }, job) => sendJson(response, 200, shown(job, call.origin)),
  DELETE: remove,
  'GET /results': results,
  'POST /cancel': cancel,
};

const OF_CREATION: ReadonlySet<Fault> = new Set(['slow', 'disconnect', 'cut']);

/** Faults of the connection apply to the creation (`disconnect` and `cut` after it is done), the others to all answers. */
function create({ claude, processor, call, response }: BatchCall): void {
  const { faults, options, counters, batches } = claude;
  const fault = faults.next(call.fault, createHash('sha256').update(call.body).digest('hex'));
  if (fault) tally(counters.faults, fault);
  const faultError = faults.errorOf(fault);
  if (faultError) throw faultError;
  const { requests } = check(createSchema, parseJson(call.body));
  const now = Date.now();
  const slowMs = fault === 'slow' ? options.faults.slowMs : 0;
  const times = {
    createdAt: now,
    dueAt: now + options.batches.processingMs + slowMs,
    expiresAt: now + options.batches.lifetimeMs,
    cancelledAt: null,
    endedAt: null,
  };
  const ofAnswers = fault !== null && OF_CREATION.has(fault) ? null : fault;
  const job = batches.add({ id: newId('msgbatch'), apiKey: call.apiKey, ...times, fault: ofAnswers }, requests);
  counters.batches += 1;
  processor.schedule(job);
  if (fault === 'disconnect') response.destroy();
  else if (fault === 'cut') sendHalf(response, shown(job, call.origin));
  else sendJson(response, 200, shown(job, call.origin));
}

function cancel({ claude, processor, call, response }: BatchCall, job: BatchJob): void {
  if (job.batch.endedAt !== null) throw invalidRequest('message_batch_id', `Batch ${job.batch.id} has already ended.`);
  if (job.batch.cancelledAt === null) claude.batches.change(job, { cancelledAt: Date.now() });
  sendJson(response, 200, shown(job, call.origin));
  processor.schedule(job);
}

function remove({ claude, response }: BatchCall, { batch }: BatchJob): void {
  if (batch.endedAt === null)
    throw invalidRequest('message_batch_id', `Batch ${batch.id} is still in progress. Cancel it first.`);
  claude.batches.delete(batch.id);
  sendJson(response, 200, { id: batch.id, type: 'message_batch_deleted' });
}

function results({ response }: BatchCall, { batch, results }: BatchJob): void {
  if (batch.endedAt === null)
    throw new ApiError('not_found_error', `Batch ${batch.id} has no results until its processing has ended.`);
  response.writeHead(200, { 'content-type': 'application/x-jsonl' });
  for (const result of results) response.write(`${JSON.stringify(result)}\n`);
  response.end();
}
