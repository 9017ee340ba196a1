import { describe, expect, it } from 'vitest';
import { dynamodbLimits } from '#adapters/dynamodb/limits.ts';
import { inMemoryLimits } from '../support/fakes/in-memory-limits.ts';
import { limitsContract } from './limits.contract.ts';
import { stateTable } from './local-services.ts';
import { freshId } from './samples.ts';

describe('limits in memory', () => {
  limitsContract(inMemoryLimits);
});

describe('limits in DynamoDB', () => {
  const at = stateTable();
  limitsContract(() => dynamodbLimits(at()));

  it('are cached for 30 seconds, then read again', async () => {
    let now = 0;
    const reader = dynamodbLimits({ ...at(), now: () => now });
    const writer = dynamodbLimits(at());
    const tenant = freshId('tenant');
    expect(await reader.ofTenant(tenant)).toEqual({});
    await writer.setTenant(tenant, { concurrent: 2 });
    now = 29_999;
    expect(await reader.ofTenant(tenant)).toEqual({});
    now = 30_000;
    expect(await reader.ofTenant(tenant)).toEqual({ concurrent: 2 });
  });
});
