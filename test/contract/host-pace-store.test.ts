import { describe } from 'vitest';
import { dynamodbHostPaceStore } from '#adapters/dynamodb/host-pace-store.ts';
import { inMemoryHostPaceStore } from '../support/fakes/in-memory-host-pace-store.ts';
import { hostPaceStoreContract } from './host-pace-store.contract.ts';
import { stateTable } from './local-services.ts';

describe('paces of sites in memory', () => {
  hostPaceStoreContract(inMemoryHostPaceStore);
});

describe('paces of sites in DynamoDB', () => {
  const at = stateTable();
  hostPaceStoreContract(() => dynamodbHostPaceStore(at()));
});
