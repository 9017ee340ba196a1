import { createHash } from 'node:crypto';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { ApiError, invalidRequest } from '../api-error.ts';
import type { Claude } from '../claude.ts';
import { newId } from '../ids.ts';
import { checkMessageRequest } from '../message-request.ts';
import { bodyOf, makeMessage } from '../message.ts';
import { record } from '../record.ts';
import { think } from '../think.ts';
import type { BatchJob, Entry, Result } from './batch.ts';

/** The maximum delay of a Node.js timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Processes batches when they are due: one entry after the other, with the same rules as messages. */
export class BatchProcessor {
  readonly #claude: Claude;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #running = new Map<string, Promise<void>>();
  #closed = false;

  constructor(claude: Claude) {
    this.#claude = claude;
  }

  /** Continues the batches that an earlier process left unfinished. */
  resume(): void {
    for (const job of this.#claude.batches.newestFirst()) if (job.batch.endedAt === null) this.schedule(job);
  }

  /** Processes a batch when it is due or expires, or immediately when it is canceled. */
  schedule(job: BatchJob): void {
    const { id, cancelledAt, dueAt, expiresAt } = job.batch;
    clearTimeout(this.#timers.get(id));
    const at = cancelledAt ?? Math.min(dueAt, expiresAt);
    const waitMs = Math.min(MAX_TIMER_MS, Math.max(0, at - Date.now()));
    const timer = setTimeout(() => {
      if (!this.#running.has(id))
        this.#running.set(
          id,
          this.#work(job).finally(() => this.#running.delete(id)),
        );
    }, waitMs);
    this.#timers.set(id, timer);
  }

  /** Stops after the entries that are being processed. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#running.values());
  }

  async #work(job: BatchJob): Promise<void> {
    const { batches } = this.#claude;
    const done = new Set(job.results.map(({ custom_id }) => custom_id));
    for (const entry of job.entries) {
      if (done.has(entry.custom_id)) continue;
      if (this.#closed || !batches.get(job.batch.id)) return;
      batches.addResult(job, { custom_id: entry.custom_id, result: await this.#resultOf(job, entry) });
      await yieldToOthers();
    }
    batches.change(job, { endedAt: Date.now() });
    this.#timers.delete(job.batch.id);
  }

  async #resultOf(job: BatchJob, entry: Entry): Promise<Result['result']> {
    const { cancelledAt, dueAt, expiresAt } = job.batch;
    if (cancelledAt !== null) return { type: 'canceled' };
    if (expiresAt < dueAt) return { type: 'expired' };
    const requestId = newId('req');
    try {
      return { type: 'succeeded', message: await answer(this.#claude, job, entry, requestId) };
    } catch (error) {
      const known = error instanceof ApiError ? error : new ApiError('api_error', String(error));
      const detail = { type: known.type, message: known.message };
      return { type: 'errored', error: { type: 'error', error: detail, request_id: requestId } };
    }
  }
}

async function answer(claude: Claude, { batch }: BatchJob, entry: Entry, requestId: string) {
  const request = checkMessageRequest(entry.params);
  if (request.stream) throw invalidRequest('stream', 'A request in a batch cannot be streamed.');
  const content = createHash('sha256').update(JSON.stringify(entry.params)).digest('hex');
  const fault = batch.fault ?? claude.faults.ofAnswer(content);
  const noLimits = () => undefined;
  const { plan, answer } = await think(claude, request, `${batch.apiKey}:${request.model}`, fault, noLimits);
  const message = makeMessage(request.model, answer, plan.usage, 'batch');
  plan.commit();
  record(claude, { requestId, stepId: entry.custom_id, content, batch: true }, message, 'answered');
  return bodyOf(message);
}
