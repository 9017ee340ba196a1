import { describe } from 'vitest';
import { dynamodbBulkStore } from '#adapters/dynamodb/bulk-store.ts';
import { inMemoryBulkStore } from '../support/fakes/in-memory-bulk-store.ts';
import { bulkStoreContract } from './bulk-store.contract.ts';
import { stateTable } from './local-services.ts';

describe('bulk actions in memory', () => {
  bulkStoreContract(inMemoryBulkStore);
});

describe('bulk actions in DynamoDB', () => {
  const at = stateTable();
  bulkStoreContract(() => dynamodbBulkStore(at()));
});
