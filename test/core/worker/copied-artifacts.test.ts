import { expect, it } from 'vitest';
import { FailureError, type Failure } from '#core/failures/failure.ts';
import type { Artifacts } from '#core/ports/artifacts.ts';
import { copiedArtifacts } from '#core/worker/objects-elsewhere.ts';

const REF = { bucket: 'collected', key: 'collected/1' };
const HOMES = { names: ['us', 'eu', 'ap'], here: 1 } as const;

const failing = (failure: Failure): Artifacts =>
  ({ get: () => Promise.reject(new FailureError(failure)) }) as unknown as Artifacts;

it.each([
  ['what has not been copied yet is waited for', 'permanent', HOMES, 'throttled'],
  ['what S3 cannot do for a moment is tried again as ever', 'transient', HOMES, 'transient'],
  ['what is missing in a fleet of one region fails', 'permanent', undefined, 'permanent'],
] as const)('%s', async (_, kind, homes, expected) => {
  const reading = copiedArtifacts(failing({ kind, reason: 'no' }), homes).get(REF);
  await expect(reading).rejects.toMatchObject({ failure: { kind: expected } });
});
