import { isThrottling } from './throttled.ts';

/** What the SDK adds to errors. The status is that of the answer, so it is absent where there was none. */
interface SdkError extends NodeJS.ErrnoException {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Names of errors of requests that got no answer in time. */
const LATE: ReadonlySet<string> = new Set(['TimeoutError', 'AbortError']);
/** Codes of the operating system, such as `ECONNREFUSED`, and none of Node's own, such as `ERR_INVALID_URL`. */
const BY_SYSTEM = /^E(?!RR_)[A-Z0-9_]+$/;

/**
 * Whether an error of a call to another region says that it is away: it did not answer, cannot serve, or is asked too often.
 * Any other error, such as of a permission, stays until people mend it.
 */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata, code = '', name }: SdkError = error;
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return status >= 500 || status === 429 || isThrottling(error);
  return LATE.has(name) || BY_SYSTEM.test(code);
}
