import { describe, expect, it } from 'vitest';
import { dynamodbPoolStore } from '#adapters/dynamodb/pool-store.ts';
import { healthyPool, moveTo } from '#core/pools/pool.ts';
import { inMemoryPoolStore } from '../support/fakes/in-memory-pool-store.ts';
import { stateTable } from './local-services.ts';
import { poolStoreContract } from './pool-store.contract.ts';
import { freshId } from './samples.ts';

describe('pools in memory', () => {
  poolStoreContract(inMemoryPoolStore);
});

describe('pools in DynamoDB', () => {
  const at = stateTable();
  poolStoreContract(() => dynamodbPoolStore(at()));

  it('are cached for two seconds when viewed, and always current when read', async () => {
    let now = 0;
    const agent = freshId('agent');
    const [viewer, writer] = [dynamodbPoolStore({ ...at(), now: () => now }), dynamodbPoolStore(at())];
    expect(await viewer.view(agent)).toBeNull();
    const first = moveTo(healthyPool(agent), { state: { status: 'resuming', since: 1 } });
    await writer.write(first);
    now = 1_999;
    expect(await viewer.view(agent)).toBeNull();
    expect(await viewer.get(agent)).toEqual(first);
    now = 2_000;
    expect(await viewer.view(agent)).toEqual(first);
  });
});
