import { describe } from 'vitest';
import { dynamodbPermitStore } from '#adapters/dynamodb/permit-store.ts';
import { inMemoryPermitStore } from '../support/fakes/in-memory-permit-store.ts';
import { stateTable } from './local-services.ts';
import { permitStoreContract } from './permit-store.contract.ts';

describe('permits in memory', () => {
  permitStoreContract(inMemoryPermitStore);
});

describe('permits in DynamoDB', () => {
  const at = stateTable();
  permitStoreContract(() => dynamodbPermitStore(at()));
});
