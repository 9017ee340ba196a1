import { z } from 'zod';
import type { RateLimits } from '../ports/model.ts';

/**
 * Why a task, or one step of it, did not go on. Each kind is handled in one place:
 * - `throttled`: wait as told; costs no attempt (I5)
 * - `transient`: up to `MAX_ATTEMPTS`, exponential backoff with full jitter
 * - `permanent`: fail now, with the reason
 * - `invalid-output`: the model is asked once more with the errors, then the task fails
 * - `over-budget`: the next call's worst case does not fit what is left
 * - `cancelled`: somebody asked for it
 * - `crashed`: the worker died too often on this very task
 * - `deadline`: the task's deadline passed before it could end
 */
export const failureKind = z.enum([
  'throttled',
  'transient',
  'permanent',
  'invalid-output',
  'over-budget',
  'cancelled',
  'crashed',
  'deadline',
]);
export type FailureKind = z.infer<typeof failureKind>;

export const failureSchema = z.object({
  kind: failureKind,
  /** One sentence for a person: what is wrong and, where there is one, the remedy. Never holds document text. */
  reason: z.string(),
  /** Milliseconds the other side asked us to wait (`retry-after`). */
  retryAfterMs: z.number().int().nonnegative().optional(),
  /** Set when the call surely was not billed, since it never reached the provider or was refused there. */
  notBilled: z.literal(true).optional(),
  /** Set when any other call would fail in the same way: the key is refused, the account empty, the model unknown. */
  everyCall: z.literal(true).optional(),
});
export type Failure = z.infer<typeof failureSchema>;

/** Thrown by ports to say which kind of failure it was; anything else that is thrown counts as transient. */
export class FailureError extends Error {
  readonly failure: Failure;
  /** What the provider said of its limits when it throttled. */
  readonly rateLimits: RateLimits | undefined;

  constructor(failure: Failure, options?: ErrorOptions & { readonly rateLimits?: RateLimits | undefined }) {
    super(failure.reason, options);
    this.name = 'FailureError';
    this.failure = failure;
    this.rateLimits = options?.rateLimits;
  }
}

/** The failure behind a thrown value; an unknown error is transient, since a retry is cheap and bounded. */
export function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { kind: 'transient', reason };
}
