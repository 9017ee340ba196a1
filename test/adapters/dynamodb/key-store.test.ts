import { expect, it } from 'vitest';
import { dynamodbKeyStore } from '#adapters/dynamodb/key-store.ts';
import type { ApiKey } from '#core/keys/key.ts';
import { stateTable } from '../../contract/local-services.ts';
import { collect } from '../../contract/samples.ts';

const at = stateTable();

it('a key that is written again with another time is listed as before', async () => {
  const store = dynamodbKeyStore(at());
  const key: ApiKey = {
    hash: 'a'.repeat(64),
    name: 'local',
    tenant: 'acme',
    scopes: ['read'],
    agents: null,
    createdAt: 1,
  };
  await store.create(key);
  const again = { ...key, createdAt: 2 };
  await store.replace(again);
  expect(await collect(store.list())).toEqual([again]);
});
