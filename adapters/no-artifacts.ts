import { FailureError } from '../core/failures/failure.ts';
import type { Artifacts } from '../core/ports/artifacts.ts';

/** For pools without a bucket: an agent that asks for an object is told what its pool lacks. */
export function noArtifacts(): Artifacts {
  return {
    get: async ({ bucket, key }) => refuse(bucket, key),
    put: async ({ bucket, key }) => refuse(bucket, key),
    list: refuse,
  };
}

function refuse(bucket: string, key: string): never {
  const reason = `s3://${bucket}/${key} is out of reach: the agent's pool has no bucket. Give its AgentPool artifacts.`;
  throw new FailureError({ kind: 'permanent', reason });
}
