import { describe } from 'vitest';
import { dynamodbCallbackStore } from '#adapters/dynamodb/callback-store.ts';
import { inMemoryCallbackStore } from '../support/fakes/in-memory-callback-store.ts';
import { callbackStoreContract } from './callback-store.contract.ts';
import { stateTable } from './local-services.ts';

describe('callback store in memory', () => {
  callbackStoreContract(inMemoryCallbackStore);
});

describe('callback store in DynamoDB', () => {
  const at = stateTable();
  callbackStoreContract(() => dynamodbCallbackStore(at()));
});
