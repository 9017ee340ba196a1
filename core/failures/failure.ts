import { z } from 'zod';
import type { RateLimits } from '../ports/model.ts';

/**
 * Why a task or one of its steps failed. Each kind is handled in one place:
 * - `throttled`: wait as requested; spends no attempt (I5)
 * - `transient`: up to `MAX_ATTEMPTS`, exponential backoff with full jitter
 * - `permanent`: fail now, with the reason
 * - `invalid-output`: the model is asked once more with the errors, then the task fails
 * - `over-budget`: the next call's worst case does not fit what is left
 * - `cancelled`: cancelled on request
 * - `crashed`: the worker crashed too often on this task
 * - `deadline`: the deadline passed before the task ended
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
  /** One sentence for a person: what is wrong and what to do. Never contains document text. */
  reason: z.string(),
  /** Milliseconds the other side asked us to wait (`retry-after`). */
  retryAfterMs: z.number().int().nonnegative().optional(),
  /** Set when the call was certainly not billed: it never reached the provider, or was rejected there. */
  notBilled: z.literal(true).optional(),
  /** Set when the provider had begun its answer, so the call may be billed although its kind is that of a rejection. */
  maybeBilled: z.literal(true).optional(),
  /** Set when every other call would fail too: the key is rejected, the account has no credit, the model is unknown. */
  everyCall: z.literal(true).optional(),
});
export type Failure = z.infer<typeof failureSchema>;

/** Whether a call that failed so is surely not billed: rejected, or never sent. Of any other, nobody knows. */
export const isFree = ({ kind, notBilled, maybeBilled }: Failure): boolean =>
  notBilled ?? (maybeBilled === undefined && (kind === 'throttled' || kind === 'permanent'));

/** Thrown by ports to report the kind of failure. Any other error counts as transient. */
export class FailureError extends Error {
  readonly failure: Failure;
  /** Rate limits that the provider reported when it throttled. */
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
