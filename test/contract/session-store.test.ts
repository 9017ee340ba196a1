import { describe } from 'vitest';
import { dynamodbSessionStore } from '#adapters/dynamodb/session-store.ts';
import { inMemorySessionStore } from '../support/fakes/in-memory-session-store.ts';
import { stateTable } from './local-services.ts';
import { sessionStoreContract } from './session-store.contract.ts';

describe('session store in memory', () => {
  sessionStoreContract(inMemorySessionStore);
});

describe('session store in DynamoDB', () => {
  const at = stateTable();
  sessionStoreContract(() => dynamodbSessionStore(at()));
});
