import type { Clock } from '../ports/clock.ts';

/** Work that did not end within its time. It may still go on, and take effect later. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
}

/**
 * The result of `work`, if it ends in time. Throws `OutOfTimeError` if it does not: what stalls is not awaited for ever.
 * @param ms milliseconds
 * @param what is done, as the error names it
 */
export async function within<Result>(
  clock: Pick<Clock, 'every'>,
  ms: number,
  what: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const late = (): OutOfTimeError =>
    new OutOfTimeError(`${what} did not end within ${Math.max(0, Math.round(ms))} milliseconds.`);
  if (ms <= 0) throw late();
  let stop = (): void => undefined;
  const tooLate = new Promise<never>((_, reject) => (stop = clock.every(ms, () => reject(late()))));
  try {
    return await Promise.race([work(), tooLate]);
  } finally {
    stop();
  }
}
