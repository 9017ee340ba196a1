import { describe } from 'vitest';
import { dynamodbEscalationStore } from '#adapters/dynamodb/escalation-store.ts';
import { inMemoryEscalationStore } from '../support/fakes/in-memory-escalation-store.ts';
import { escalationStoreContract } from './escalation-store.contract.ts';
import { stateTable } from './local-services.ts';

describe('escalations in memory', () => {
  escalationStoreContract(inMemoryEscalationStore);
});

describe('escalations in DynamoDB', () => {
  const at = stateTable();
  escalationStoreContract(() => dynamodbEscalationStore(at()));
});
