import { expect, it } from 'vitest';
import { noArtifacts } from '../../adapters/no-artifacts.ts';
import { FailureError } from '../../core/failures/failure.ts';

it('an object that is out of reach fails the task for good, with what the pool lacks', async () => {
  const artifacts = noArtifacts();
  const object = { bucket: 'b', key: 'k' };
  for (const act of [artifacts.get(object), artifacts.put(object, '', 'text/plain')]) {
    const error: unknown = await act.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(FailureError);
    expect(error).toMatchObject({
      failure: { kind: 'permanent', reason: expect.stringMatching(/s3:\/\/b\/k.*AgentPool/) as string },
    });
  }
  expect(() => artifacts.list('b', 'k')).toThrow(FailureError);
});
