import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { ApiError, invalidRequest } from '../api-error.ts';
import type { Claude } from '../claude.ts';
import { newId } from '../ids.ts';
import { checkMessageRequest } from '../message-request.ts';
import { bodyOf, makeMessage } from '../message.ts';
import { record } from '../record.ts';
import { think } from '../think.ts';
import type { BatchJob, Entry, Result } from './batch.ts';

/** The longest a timer of Node waits. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Works on batches when their time has come: one entry after the other, by the same rules as a message. */
export class BatchProcessor {
  readonly #claude: Claude;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #running = new Map<string, Promise<void>>();
  #closed = false;

  constructor(claude: Claude) {
    this.#claude = claude;
  }

  /** Goes on with the batches that an earlier process left. */
  resume(): void {
    for (const job of this.#claude.batches.newestFirst()) if (job.batch.endedAt === null) this.schedule(job);
  }

  /** At its time, or at once when it is cancelled; entries that are due after its end expire then. */
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

  /** Stops after the entries under way. */
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
      await breathe();
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
  if (request.stream) throw invalidRequest('stream', 'a request of a batch can not be streamed');
  const content = createHash('sha256').update(JSON.stringify(entry.params)).digest('hex');
  const fault = batch.fault ?? claude.faults.ofAnswer(content);
  const free = () => undefined;
  const { plan, answer } = await think(claude, request, `${batch.apiKey}:${request.model}`, fault, free);
  const message = makeMessage(request.model, answer, plan.usage, 'batch');
  plan.commit();
  record(claude, { requestId, stepId: entry.custom_id, content, batch: true }, message, 'answered');
  return bodyOf(message);
}
