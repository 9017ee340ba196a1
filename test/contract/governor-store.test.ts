import { describe } from 'vitest';
import { dynamodbGovernorStore } from '#adapters/dynamodb/governor-store.ts';
import { inMemoryGovernorStore } from '../support/fakes/in-memory-governor-store.ts';
import { governorStoreContract } from './governor-store.contract.ts';
import { stateTable } from './local-services.ts';

describe('paces in memory', () => {
  governorStoreContract(inMemoryGovernorStore);
});

describe('paces in DynamoDB', () => {
  const at = stateTable();
  governorStoreContract(() => dynamodbGovernorStore(at()));
});
