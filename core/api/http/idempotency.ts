import { ApiProblem } from './problem.ts';

/** The same idempotency key with a different body (I10). */
export function keyReused(): ApiProblem {
  return new ApiProblem('cannot-accept', 'This idempotency key was already used with a different body.', [
    {
      field: 'Idempotency-Key',
      message: 'was already used for another request',
      remedy: 'Send the original body again, or use a new key.',
    },
  ]);
}
