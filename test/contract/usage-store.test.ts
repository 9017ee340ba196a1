import { describe } from 'vitest';
import { dynamodbUsageStore } from '#adapters/dynamodb/usage-store.ts';
import { inMemoryUsageStore } from '../support/fakes/in-memory-usage-store.ts';
import { stateTable } from './local-services.ts';
import { usageStoreContract } from './usage-store.contract.ts';

describe('usage in memory', () => {
  usageStoreContract(inMemoryUsageStore);
});

describe('usage in DynamoDB', () => {
  const at = stateTable();
  usageStoreContract(() => dynamodbUsageStore(at()));
});
