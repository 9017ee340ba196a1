import { describe } from 'vitest';
import { dynamodbBatchStore } from '#adapters/dynamodb/batch-store.ts';
import { inMemoryBatchStore } from '../support/fakes/in-memory-batch-store.ts';
import { batchStoreContract } from './batch-store.contract.ts';
import { stateTable } from './local-services.ts';

describe('batches in memory', () => {
  batchStoreContract(async () => inMemoryBatchStore());
});

describe('batches in DynamoDB', () => {
  const at = stateTable();
  batchStoreContract(async () => dynamodbBatchStore(at()));
});
