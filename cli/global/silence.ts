import { noAnswer } from '../aws-error.ts';
import { causes } from '../lost-fleet.ts';
import { problemOf } from '../regions/unreached.ts';

/** Milliseconds after which a region is not waited for: two of three say who holds a home. */
export const ANSWERS_WITHIN_MS = 5_000;

/** A region on this machine did not answer in time. */
export class NoAnswer extends Error {
  /** As the SDK calls it. */
  override readonly name = 'TimeoutError';

  constructor() {
    super(`no answer within ${ANSWERS_WITHIN_MS / 1_000} s`);
  }
}

/** Rejects if a reading takes longer than `ANSWERS_WITHIN_MS`. */
export async function withinLimit<Value>(reading: Promise<Value>): Promise<Value> {
  const limit = AbortSignal.timeout(ANSWERS_WITHIN_MS);
  const late = new Promise<never>((_, reject) =>
    limit.addEventListener('abort', () => reject(new NoAnswer()), { once: true }),
  );
  return Promise.race([reading, late]);
}

/** The problem of a region on this machine whose process is known to have ended. */
export const DOWN = 'down';

/** What fetch says of a connection that broke. */
const isBroken = ({ code }: NodeJS.ErrnoException): boolean => code?.startsWith('UND_ERR') === true;

/** Why a region on this machine did not answer, in words. @param pid null if its process has ended */
export function whySilent(pid: number | null, error: unknown): string {
  if (pid === null) return DOWN;
  if (error instanceof NoAnswer) return problemOf(error);
  return noAnswer(error) !== null || causes(error).some(isBroken) ? 'no answer' : problemOf(error);
}
