import { ERRORS, StateError } from './errors.ts';
import type { Json } from './json.ts';

/**
 * Limits from the AWS Step Functions quotas page (“Quotas related to state machine executions”).
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const LIMITS = {
  /** Input or output of a state, task or execution, in bytes of UTF-8. */
  payloadBytes: 262_144,
  /** Events in one execution's history. */
  historyEvents: 25_000,
  /** Maximum concurrent iterations of an inline Map, even if its MaxConcurrency is higher. */
  inlineConcurrency: 40,
  /** Maximum concurrent child executions of a Distributed Map. */
  distributedConcurrency: 10_000,
} as const;

/** Serializes a payload. Throws `States.DataLimitExceeded` when it exceeds 256 KiB. `what` names the state or task. */
export function serialize(value: Json, what: string): string {
  const text = JSON.stringify(value);
  // A character has at most three bytes per UTF-16 unit, so most payloads need no second pass.
  if (text.length * 3 > LIMITS.payloadBytes && Buffer.byteLength(text) > LIMITS.payloadBytes) {
    throw new StateError(
      ERRORS.dataLimitExceeded,
      `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
  }
  return text;
}
