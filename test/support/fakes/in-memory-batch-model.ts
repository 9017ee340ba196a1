import { FailureError, type Failure } from '#core/failures/failure.ts';
import type { BatchEntry, BatchModel, BatchResult, BatchStatus } from '#core/ports/batch-model.ts';

/** What befalls a creation: refused, or made though nobody learns of it. */
export type CreateFate = { readonly failure: Failure; readonly made: boolean };

export interface InMemoryBatchModel extends BatchModel {
  /** Every batch ever made, in order. */
  readonly made: readonly { readonly id: string; readonly entries: readonly BatchEntry[] }[];
  /** Fates of the next creations. */
  readonly fates: CreateFate[];
  /** Ends a batch that is in progress. */
  end(id: string): void;
}

interface Job {
  status: BatchStatus;
  readonly entries: readonly BatchEntry[];
  results: readonly BatchResult[];
}

/**
 * Batches in memory. Honours: custom ids, states, cancelling, results once ended. Does not honour: sizes, time.
 * @param answer what becomes of an entry when its batch ends
 */
export function inMemoryBatchModel(
  answer: (entry: BatchEntry) => BatchResult,
  now: () => number = () => 0,
): InMemoryBatchModel {
  const jobs: Job[] = [];
  const fates: CreateFate[] = [];
  const jobOf = (id: string): Job => {
    const job = jobs.find(({ status }) => status.id === id);
    if (!job) throw new FailureError({ kind: 'permanent', reason: `There is no batch ${id}.` });
    return job;
  };
  const finish = (job: Job, result: (entry: BatchEntry) => BatchResult) => {
    if (job.status.status === 'ended') return;
    job.results = job.entries.map((entry) => result(entry));
    job.status = { ...job.status, status: 'ended' };
  };
  return {
    fates,
    get made() {
      return jobs.map(({ status, entries }) => ({ id: status.id, entries }));
    },
    end: (id) => finish(jobOf(id), answer),
    async create(entries) {
      const fate = fates.shift();
      if (fate && !fate.made) throw new FailureError(fate.failure);
      checkIds(entries);
      const status = {
        id: `batch_${jobs.length}`,
        status: 'in-progress' as const,
        createdAt: now(),
        entries: entries.length,
      };
      jobs.push({ status, entries, results: [] });
      if (fate) throw new FailureError(fate.failure);
      return status;
    },
    async *list() {
      for (const { status } of jobs.toReversed()) yield status;
    },
    get: async (id) => jobs.find(({ status }) => status.id === id)?.status ?? null,
    async *results(id) {
      const { status, results } = jobOf(id);
      if (status.status !== 'ended')
        throw new FailureError({ kind: 'transient', reason: `Batch ${id} has not ended.` });
      yield* results;
    },
    cancel: async (id) => finish(jobOf(id), ({ customId }) => ({ customId, kind: 'cancelled' })),
  };
}

function checkIds(entries: readonly BatchEntry[]): void {
  const ids = entries.map(({ customId }) => customId);
  const wrong = ids.find((id, index) => !/^[\w-]{1,64}$/.test(id) || ids.indexOf(id) !== index);
  if (wrong !== undefined || ids.length === 0)
    throw new FailureError({ kind: 'permanent', reason: `custom_id: ${wrong ?? 'none'} is wrong or comes twice.` });
}
