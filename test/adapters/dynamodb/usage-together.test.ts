import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { dynamodbUsageStore } from '#adapters/dynamodb/usage-store.ts';

const KEY = { tenant: 'acme', agent: 'analyst', day: '2026-11-23' };
const ONE = { ended: { succeeded: 1 } };

/** A store, and its writes: each waits until the test lets it go. */
function held() {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  const writes: { readonly by: string[]; readonly settle: (error?: Error) => void }[] = [];
  client.send = ((command: { input: { ExpressionAttributeValues: Record<string, { N: string }> } }) => {
    const { ':expiresAt': _, ...values } = command.input.ExpressionAttributeValues;
    return new Promise<object>((resolve, reject) => {
      const settle = (error?: Error): void => (error ? reject(error) : resolve({}));
      writes.push({ by: Object.values(values).map(({ N }) => N), settle });
    });
  }) as DynamoDBClient['send'];
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { store: dynamodbUsageStore({ table: 'state', client }), writes, turn };
}

it('what is added while a row is written is written together after it', async () => {
  const { store, writes, turn } = held();
  const first = store.add(KEY, ONE);
  await turn();
  const others = [store.add(KEY, ONE), store.add(KEY, ONE), store.add({ ...KEY, agent: 'scout' }, ONE)];
  await turn();
  expect(writes.map(({ by }) => by)).toEqual([['1'], ['1']]);
  writes[0]?.settle();
  await first;
  await turn();
  expect(writes.map(({ by }) => by)).toEqual([['1'], ['1'], ['2']]);
  for (const { settle } of writes) settle();
  await Promise.all(others);
  const later = store.add(KEY, ONE);
  await turn();
  writes[3]?.settle();
  await later;
});

it('a failed write rejects those that it was for, and no others', async () => {
  const { store, writes, turn } = held();
  const first = store.add(KEY, ONE);
  await turn();
  const second = store.add(KEY, ONE);
  const third = store.add(KEY, ONE);
  writes[0]?.settle(new Error('throttled'));
  await expect(first).rejects.toThrow('throttled');
  await turn();
  expect(writes.map(({ by }) => by)).toEqual([['1'], ['2']]);
  writes[1]?.settle();
  await Promise.all([second, third]);
});
