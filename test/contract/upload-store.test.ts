import { describe } from 'vitest';
import { dynamodbUploadStore } from '#adapters/dynamodb/upload-store.ts';
import { inMemoryUploadStore } from '../support/fakes/in-memory-upload-store.ts';
import { stateTable } from './local-services.ts';
import { uploadStoreContract } from './upload-store.contract.ts';

describe('upload store in memory', () => {
  uploadStoreContract(inMemoryUploadStore);
});

describe('upload store in DynamoDB', () => {
  const at = stateTable();
  uploadStoreContract(() => dynamodbUploadStore(at()));
});
