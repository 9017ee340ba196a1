import { describe } from 'vitest';
import { inMemoryArtifacts } from '../support/fakes/in-memory-artifacts.ts';
import { artifactsContract } from './artifacts.contract.ts';

describe('artifacts in memory', () => {
  const artifacts = inMemoryArtifacts();
  artifactsContract(() => ({ artifacts, bucket: 'fleet' }));
});
