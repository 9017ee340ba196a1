import { describe } from 'vitest';
import { dynamodbMailStore } from '#adapters/dynamodb/mail-store.ts';
import { inMemoryMailStore } from '../support/fakes/in-memory-mail-store.ts';
import { stateTable } from './local-services.ts';
import { mailStoreContract } from './mail-store.contract.ts';

describe('mail store in memory', () => {
  mailStoreContract(inMemoryMailStore);
});

describe('mail store in DynamoDB', () => {
  const at = stateTable();
  mailStoreContract(() => dynamodbMailStore(at()));
});
