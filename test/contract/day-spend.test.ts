import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamodbDaySpend } from '#adapters/dynamodb/day-spend.ts';
import { inMemoryDaySpend } from '../support/fakes/in-memory-day-spend.ts';
import { daySpendContract } from './day-spend.contract.ts';
import { stateTable } from './local-services.ts';
import { freshId, NOW } from './samples.ts';

describe('day counters in memory', () => {
  daySpendContract(inMemoryDaySpend);
});

describe('day counters in DynamoDB', () => {
  const at = stateTable();
  const open = () => dynamodbDaySpend({ ...at(), onceClient: at().client });
  daySpendContract(open);

  it('D1: a reservation that the SDK sends twice counts twice, and a release is sent once', async () => {
    const { client, table } = at();
    const losing = (maxAttempts: number) => {
      const { endpoint, credentials, region } = client.config;
      const own = new DynamoDBClient({ credentials, region, maxAttempts, ...(endpoint && { endpoint }) });
      let left = 1;
      // The first write takes effect, but its response is lost.
      own.middlewareStack.add(
        (next) => async (args) => {
          const answer = await next(args);
          if (left-- > 0) throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
          return answer;
        },
        { step: 'finalizeRequest', priority: 'low' },
      );
      return own;
    };
    const limit = { counter: { of: 'agent', name: freshId('agent'), day: '2026-11-23' }, most: { usd: 10 } } as const;
    const reserved = { usd: 1, tokens: 10 };
    const spend = dynamodbDaySpend({ client: losing(3), onceClient: losing(1), table });
    expect(await spend.reserve(limit, reserved, NOW)).toEqual({ fits: true });
    expect((await open().read(limit.counter)).held.usd).toBe(2);
    await expect(spend.settle(limit.counter, reserved, { usd: 0.25, tokens: 5 }, NOW)).rejects.toThrow(
      'socket hang up',
    );
    // A second request would have made it 0.5, below what the two calls may have cost.
    expect((await open().read(limit.counter)).held.usd).toBe(1.25);
  });
});
