import { setTimeout } from 'node:timers/promises';
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';

type Kind = 'THROTTLING' | 'TRANSIENT' | 'SERVER_ERROR' | 'CLIENT_ERROR';

interface Token {
  getRetryDelay(): number;
}

/** The retry strategy of an SDK client, which all of its calls share. */
export interface Strategy {
  acquireInitialRetryToken(scope: string): Promise<Token>;
  /** Waits as long as the next attempt must wait. Rejects if there may be none. */
  refreshRetryTokenForRetry(token: never, failure: { readonly error: Error; readonly errorType: Kind }): Promise<Token>;
  recordSuccess(token: never): void;
}

interface Attempted {
  $metadata?: { attempts?: number };
}

/**
 * Makes a call as often as the strategy says. The answer, or the error, says in `$metadata.attempts` how often it was made:
 * writers judge by it whether an earlier attempt may have succeeded (adapters/dynamodb/conditional-put.ts).
 */
export async function repeatedly(
  strategy: Strategy,
  signal: AbortSignal | undefined,
  call: () => Promise<object>,
): Promise<object> {
  let token = await strategy.acquireInitialRetryToken('');
  for (let attempts = 1; ; attempts += 1) {
    try {
      const answer = await call();
      strategy.recordSuccess(token as never);
      return counted(answer, attempts);
    } catch (thrown) {
      const error = counted(thrown instanceof Error ? thrown : new Error(String(thrown)), attempts);
      token = await next(strategy, token, error, signal);
    }
  }
}

/** Names of errors of a request that is signed at a wrong time. Nothing was done for it. */
const OF_CLOCK: ReadonlySet<string> = new Set([
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);

/** Whether a request may have failed because it was signed at a wrong time. It is not sent again with the same clock. */
export const isOfClock = (error: unknown): error is Error & { readonly $metadata: { readonly attempts: number } } =>
  error instanceof Error && OF_CLOCK.has(error.name);

/** Waits for the next attempt. Throws the error if there is none, and an `AbortError` as soon as the signal fires. */
async function next(strategy: Strategy, token: Token, error: Error, signal: AbortSignal | undefined): Promise<Token> {
  if (hasAborted(signal) || isOfClock(error)) throw error;
  // Strategies wait in here, or leave the waiting to their caller.
  const waited = strategy.refreshRetryTokenForRetry(token as never, { error, errorType: kindOf(error) }).then(
    async (renewed: Token) => {
      await setTimeout(renewed.getRetryDelay());
      return renewed;
    },
    () => Promise.reject(error),
  );
  return unlessAborted(waited, signal);
}

async function unlessAborted<Result>(waited: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
  });
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([waited, aborted]);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

const hasAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

function kindOf(error: Error): Kind {
  if (isThrottlingError(error as never)) return 'THROTTLING';
  if (isTransientError(error as never)) return 'TRANSIENT';
  return isServerError(error as never) ? 'SERVER_ERROR' : 'CLIENT_ERROR';
}

function counted<Result extends object>(result: Result & Attempted, attempts: number): Result {
  result.$metadata = { ...result.$metadata, attempts };
  return result;
}
