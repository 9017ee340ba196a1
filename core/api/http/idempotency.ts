import { ApiProblem } from './problem.ts';

/** The same key with another body (I10). */
export function keyReused(): ApiProblem {
  return new ApiProblem('cannot-accept', 'This idempotency key came with another body before.', [
    {
      field: 'Idempotency-Key',
      message: 'belongs to another request',
      remedy: 'Send the same body again, or use a new key.',
    },
  ]);
}
