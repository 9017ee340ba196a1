import { describe } from 'vitest';
import { dynamodbPlaceStore } from '#adapters/dynamodb/place-store.ts';
import { inMemoryPlaceStore } from '../support/fakes/in-memory-place-store.ts';
import { stateTable } from './local-services.ts';
import { placeStoreContract } from './place-store.contract.ts';

describe('places in memory', () => {
  placeStoreContract(inMemoryPlaceStore);
});

describe('places in DynamoDB', () => {
  const at = stateTable();
  placeStoreContract(() => dynamodbPlaceStore(at()));
});
