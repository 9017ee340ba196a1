import { DeleteItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { TestRegions } from '../../testing/regions.ts';
import { EU, TABLE, US, dynamoDb, globalTable, nothing, put, read } from './support.ts';

// Only the stack of the first region declares the table.
const regions = new TestRegions({ [US]: { resources: globalTable }, [EU]: nothing });
let [us, eu] = [dynamoDb(regions, US), dynamoDb(regions, EU)];
beforeAll(async () => {
  await regions.startAll();
  [us, eu] = [dynamoDb(regions, US), dynamoDb(regions, EU)];
});
beforeEach(async () => {
  await regions.network(US, { to: EU, cut: false });
  await regions.network(EU, { to: US, cut: false });
  await allArrived();
});
afterAll(async () => {
  await regions[Symbol.asyncDispose]();
});

async function underWay(): Promise<number> {
  const both = await Promise.all([regions.status(US), regions.status(EU)]);
  return both.reduce((sum, { replication }) => sum + replication.underWay, 0);
}

async function allArrived(): Promise<void> {
  await expect.poll(underWay).toBe(0);
}

const conflicts = async (region: string): Promise<number> => (await regions.status(region)).replication.conflicts;

test('a write answers in its region at once, and arrives in the other one, which does not declare the table', async () => {
  await put(us, 'a', 'one');
  expect(await read(us, 'a')).toBe('one');
  expect(await read(eu, 'a')).toBeUndefined();
  await expect.poll(() => read(eu, 'a')).toBe('one');
  await put(eu, 'b', 'two');
  await expect.poll(() => read(us, 'b')).toBe('two');
});

test('updates, deletions and indexes arrive too', async () => {
  await put(us, 'c', 'before');
  await expect.poll(() => read(eu, 'c')).toBe('before');
  const Key = { pk: { S: 'p' }, sk: { S: 'c' } };
  await eu.send(
    new UpdateItemCommand({
      TableName: TABLE,
      Key,
      UpdateExpression: 'SET #value = :after, #index = :after',
      ExpressionAttributeNames: { '#value': 'value', '#index': 'index' },
      ExpressionAttributeValues: { ':after': { S: 'after' } },
    }),
  );
  await expect.poll(() => read(us, 'c')).toBe('after');
  const indexed = async (value: string): Promise<number | undefined> => {
    const query = { KeyConditionExpression: '#i = :v', ExpressionAttributeNames: { '#i': 'index' } };
    const ExpressionAttributeValues = { ':v': { S: value } };
    const input = { TableName: TABLE, IndexName: 'byIndex', ...query, ExpressionAttributeValues };
    return (await us.send(new QueryCommand(input))).Count;
  };
  expect([await indexed('before'), await indexed('after')]).toEqual([0, 1]);
  await us.send(new DeleteItemCommand({ TableName: TABLE, Key }));
  await expect.poll(() => read(eu, 'c')).toBeUndefined();
  expect([await conflicts(US), await conflicts(EU)]).toEqual([0, 0]);
});

test('regions that are cut off judge conditions alone; then the last writer wins in both, and a conflict is counted', async () => {
  const once = { ConditionExpression: 'attribute_not_exists(pk)' };
  await regions.network(US, { to: EU, cut: true });
  await regions.network(EU, { to: US, cut: true });
  await put(us, 'd', 'from us', once);
  await put(us, 'e', 'of us alone');
  await put(eu, 'd', 'from eu', once);
  await expect(put(us, 'd', 'again', once)).rejects.toThrow('conditional request failed');
  const before = [await conflicts(US), await conflicts(EU)];
  expect((await regions.status(US)).replication.underWay).toBe(2);

  await regions.network(US, { to: EU, cut: false });
  await regions.network(EU, { to: US, cut: false });
  await allArrived();
  expect([await read(us, 'd'), await read(eu, 'd'), await read(eu, 'e')]).toEqual([
    'from eu',
    'from eu',
    'of us alone',
  ]);
  // A region that has the winner before it sends its own version passes the winner on, and the other one meets nothing.
  const more = [await conflicts(US), await conflicts(EU)].map((count, index) => count - (before[index] ?? 0));
  expect(more).toContain(1);
  expect(Math.max(...more)).toBe(1);
});

test('the line of one direction can be cut', async () => {
  await regions.network(US, { to: EU, cut: true });
  await put(us, 'f', 'from us');
  await put(eu, 'g', 'from eu');
  await expect.poll(() => read(us, 'g')).toBe('from eu');
  expect(await read(eu, 'f')).toBeUndefined();
});

test('the lag is measured where changes arrive', async () => {
  await put(us, 'h', 'one');
  await allArrived();
  const { lagMsP99, lagMsMax } = (await regions.status(EU)).replication;
  expect(lagMsP99).toBeGreaterThanOrEqual(90);
  expect(lagMsMax).toBeGreaterThanOrEqual(lagMsP99);
});

test('a region that was closed has what was written meanwhile after its next start, and sends what it had not sent', async () => {
  await regions.network(EU, { to: US, cut: true });
  await put(eu, 'i', 'was not sent');
  await regions.clouds.get(EU)?.close();
  regions.endpoints.delete(EU);
  await put(us, 'j', 'meanwhile');
  await regions.start(EU);
  eu = dynamoDb(regions, EU);
  await expect.poll(() => read(us, 'i')).toBe('was not sent');
  await expect.poll(() => read(eu, 'j')).toBe('meanwhile');
});
