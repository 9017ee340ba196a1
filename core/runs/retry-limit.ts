import type { TaskStore } from '../ports/task-store.ts';

/** A retry of an upload: its number, from 1. */
export interface Retry {
  readonly uploadId: string;
  readonly retry: number;
}

/** The name of a retry. Those who start one by hand use it too, so that its cost counts for the next one. */
export const retryName = ({ uploadId, retry }: Retry): string => `${uploadId}--retry-${retry}`;

/** What the runs of an upload have come to. */
export interface SpentBefore {
  readonly usd: number;
  /** Tasks that succeeded at a cost. No retry repeats them. */
  readonly succeeded: number;
}

/**
 * What the runs of an upload before a retry have cost. They have ended, so all their tasks are listed.
 * @param region what the ids of their region's runs have in front @default nothing, as in the first region
 */
export async function spentBefore(
  store: Pick<TaskStore, 'finishedInRun'>,
  of: Retry,
  region = '',
): Promise<SpentBefore> {
  const retries = Array.from({ length: Math.max(0, of.retry - 1) }, (_, at) => retryName({ ...of, retry: at + 1 }));
  let [usd, succeeded] = [0, 0];
  for (const run of [of.uploadId, ...retries])
    for await (const task of store.finishedInRun(`${region}${run}`, 0)) {
      usd += task.usd;
      if (task.status === 'succeeded' && task.usd > 0) succeeded += 1;
    }
  return { usd, succeeded };
}

/**
 * The most that one document of a retry may cost: the documents that have not succeeded share what is left of the limit of
 * the upload, and none gets more than in the first run.
 * @param maxUsd the limit of the upload
 * @param each what one document of the first run could cost
 * @param documents how many documents the upload has
 * @returns null when nothing is left
 */
export function shareOfRetry(maxUsd: number, each: number, documents: number, before: SpentBefore): number | null {
  const left = maxUsd - before.usd;
  if (left <= 0) return null;
  // Its share tells how many documents could cost anything. The slack is for the rounding of the division.
  const paying = Math.min(documents, Math.ceil(maxUsd / each - 1e-6));
  return Math.min(each, left / Math.max(1, paying - before.succeeded));
}

/** What to do when nothing is left. */
export const SPENT_REMEDY = 'Upload the failed documents again as another upload, with a limit of its own.';
