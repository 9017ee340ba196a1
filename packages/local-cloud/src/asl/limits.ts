import { ERRORS, StateError } from './errors.ts';
import type { Json } from './json.ts';

/**
 * The numbers of the AWS Step Functions quotas page (“Quotas related to state machine executions”).
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const LIMITS = {
  /** Input or output of a state, task or execution, in bytes of UTF-8. */
  payloadBytes: 262_144,
  /** Events in one execution's history. */
  historyEvents: 25_000,
  /** Iterations that an inline Map runs at once, whatever its MaxConcurrency says. */
  inlineConcurrency: 40,
  /** Child executions that a Distributed Map runs at once. */
  distributedConcurrency: 10_000,
} as const;

/** Serializes a payload, refusing one over 256 KiB with `States.DataLimitExceeded`. `what` names the state or task. */
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
