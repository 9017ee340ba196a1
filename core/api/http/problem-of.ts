import { FailureError } from '../../failures/failure.ts';
import { HomeLost } from '../../regions/homed-tasks.ts';
import { UnreadableRecord } from '../../stored/record.ts';
import { ApiProblem, unavailable, writtenByAnother } from './problem.ts';

const HOME_LOST =
  'The region that works on this is being replaced by another one, within a minute. Try again, with the same Idempotency-Key if the operation accepts one.';

/**
 * What a caller is told of an error.
 * @param otherwise of an error that callers can do nothing about but try again
 */
export function problemOf(error: unknown, otherwise: string): ApiProblem {
  if (error instanceof ApiProblem) return error;
  // The account asks a service too often, such as CloudWatch. The API itself is well, and nobody must be paged.
  if (error instanceof FailureError && error.failure.kind === 'throttled')
    return new ApiProblem('too-many', error.failure.reason, [], 1);
  if (error instanceof HomeLost) return unavailable(HOME_LOST);
  if (error instanceof UnreadableRecord) return writtenByAnother();
  return new ApiProblem('failed', otherwise);
}
