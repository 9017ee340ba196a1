import { FailureError } from '#core/failures/failure.ts';

/** Names of the errors by which services of AWS say that they are asked too often. */
const NAMES: ReadonlySet<string> = new Set([
  'LimitExceededException',
  'RequestLimitExceeded',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** Whether a service says that it is asked too often. */
export const isThrottling = (error: Error): boolean => NAMES.has(error.name);

/**
 * Calls a service that an account may ask only so often, such as CloudWatch, whose limits all callers share. Throws
 * `FailureError` (throttled) if it is asked too often.
 */
export async function orThrottled<Result>(service: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Error) || !isThrottling(error)) throw error;
    const reason = `${service} is asked too often. Try again in a second.`;
    throw new FailureError({ kind: 'throttled', reason }, { cause: error });
  }
}
