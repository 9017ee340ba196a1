import { describe } from 'vitest';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { inMemoryTaskStore } from '../support/fakes/in-memory-task-store.ts';
import { stateTable } from './local-services.ts';
import { taskStoreContract } from './task-store.contract.ts';

describe('task store in memory', () => {
  taskStoreContract((agents) => inMemoryTaskStore(agents));
});

describe('task store in DynamoDB', () => {
  const at = stateTable();
  taskStoreContract((agents) => dynamodbTaskStore({ ...at(), agents }));
});
