import { describe, expect, it } from 'vitest';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { startS3 } from '@agent-fleet/local-cloud/testing/s3';
import { inMemoryArtifacts } from '../support/fakes/in-memory-artifacts.ts';
import { artifactsContract } from './artifacts.contract.ts';

describe('artifacts in memory', () => {
  const artifacts = inMemoryArtifacts(Date.now);
  artifactsContract(async () => ({ artifacts, bucket: 'fleet' }));
});

describe('artifacts in S3', () => {
  const open = async () => {
    const s3 = await startS3();
    // Short pages, so that every list needs several.
    s3.client.middlewareStack.add(
      (next, { commandName }) =>
        (args) =>
          next(commandName === 'ListObjectsV2Command' ? { ...args, input: { ...args.input, MaxKeys: 2 } } : args),
      { step: 'initialize', name: 'shortPages' },
    );
    return { artifacts: s3Artifacts({ client: s3.client }), bucket: await s3.bucket('fleet') };
  };
  artifactsContract(open);

  it('fail permanently for a bucket that does not exist', async () => {
    const { artifacts } = await open();
    const missing = artifacts.get({ bucket: 'no-such-bucket', key: 'nda.pdf' });
    await expect(missing).rejects.toMatchObject({ failure: { kind: 'permanent' } });
  });
});
