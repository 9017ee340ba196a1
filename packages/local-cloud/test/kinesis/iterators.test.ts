import { GetRecordsCommand, GetShardIteratorCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { GetShardIteratorCommandInput } from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import { startKinesis, texts } from '../../testing/kinesis.ts';
import type { Kinesis } from '../../testing/kinesis.ts';
import { clock } from '../../testing/sqs.ts';

const ShardId = 'shardId-000000000000';
const StreamName = 'events';

async function put(kinesis: Kinesis, text: string): Promise<string> {
  const command = new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: Buffer.from(text) });
  return (await kinesis.client.send(command)).SequenceNumber ?? '';
}

async function readFrom(kinesis: Kinesis, start: Partial<GetShardIteratorCommandInput>): Promise<string[]> {
  const ShardIteratorType = start.ShardIteratorType;
  const command = new GetShardIteratorCommand({ StreamName, ShardId, ...start, ShardIteratorType });
  const { ShardIterator } = await kinesis.client.send(command);
  return texts((await kinesis.read(ShardIterator)).Records);
}

test('an iterator starts at, after or between records', async () => {
  const kinesis = await startKinesis();
  await kinesis.stream(StreamName);
  const latest = await kinesis.iterator(StreamName, ShardId, 'LATEST');
  await put(kinesis, 'a');
  const StartingSequenceNumber = await put(kinesis, 'b');
  await put(kinesis, 'c');
  expect(texts((await kinesis.read(latest)).Records)).toEqual(['a', 'b', 'c']);
  expect(await readFrom(kinesis, { ShardIteratorType: 'TRIM_HORIZON' })).toEqual(['a', 'b', 'c']);
  expect(await readFrom(kinesis, { ShardIteratorType: 'LATEST' })).toEqual([]);
  const number = { StartingSequenceNumber };
  expect(await readFrom(kinesis, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', ...number })).toEqual(['b', 'c']);
  expect(await readFrom(kinesis, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', ...number })).toEqual(['c']);
});

test('AT_TIMESTAMP starts at the first record that arrived then', async () => {
  const time = clock();
  const kinesis = await startKinesis({ now: () => time.time });
  await kinesis.stream(StreamName);
  await put(kinesis, 'a');
  time.advance(10);
  await put(kinesis, 'b');
  const at = (seconds: number) =>
    readFrom(kinesis, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(time.time - seconds * 1000) });
  expect(await at(100)).toEqual(['a', 'b']);
  expect(await at(5)).toEqual(['b']);
  time.advance(10);
  expect(await at(5)).toEqual([]);
});

test('a page has at most Limit records, and MillisBehindLatest says how far behind it is', async () => {
  const time = clock();
  const kinesis = await startKinesis({ now: () => time.time });
  await kinesis.stream(StreamName);
  await put(kinesis, 'a');
  time.advance(5);
  await put(kinesis, 'b');
  const first = await kinesis.read(await kinesis.iterator(StreamName, ShardId), 1);
  expect([texts(first.Records), first.MillisBehindLatest]).toEqual([['a'], 5000]);
  const second = await kinesis.read(first.NextShardIterator, 1);
  expect([texts(second.Records), second.MillisBehindLatest]).toEqual([['b'], 0]);
  const third = await kinesis.read(second.NextShardIterator, 1);
  expect([texts(third.Records), third.MillisBehindLatest]).toEqual([[], 0]);
  await put(kinesis, 'c');
  expect(texts((await kinesis.read(third.NextShardIterator)).Records)).toEqual(['c']);
});

test('an iterator expires after 300 seconds', async () => {
  const time = clock();
  const kinesis = await startKinesis({ now: () => time.time });
  await kinesis.stream(StreamName);
  const iterator = await kinesis.iterator(StreamName, ShardId);
  time.advance(300);
  const { NextShardIterator } = await kinesis.read(iterator);
  time.advance(0.001);
  await expect(kinesis.read(iterator)).rejects.toThrow(
    expect.objectContaining({
      name: 'ExpiredIteratorException',
      message: expect.stringContaining('The iterator was created at time Thu Jan 01 00:00:00 UTC 2026'),
    }),
  );
  await kinesis.read(NextShardIterator);
});

test('rejects what is not an iterator or not a place in the shard', async () => {
  const kinesis = await startKinesis();
  await kinesis.stream(StreamName, 2);
  const wrong = (start: Partial<GetShardIteratorCommandInput>) =>
    readFrom(kinesis, start).then(
      () => 'accepted',
      (error: Error) => error.name,
    );
  const StartingSequenceNumber = await put(kinesis, 'a');
  await expect(kinesis.client.send(new GetRecordsCommand({ ShardIterator: 'AAAA' }))).rejects.toMatchObject({
    name: 'InvalidArgumentException',
  });
  expect(await wrong({ ShardIteratorType: 'AT_SEQUENCE_NUMBER' })).toBe('InvalidArgumentException');
  expect(await wrong({ ShardIteratorType: 'LATEST', StartingSequenceNumber })).toBe('InvalidArgumentException');
  expect(await wrong({ ShardIteratorType: 'AT_TIMESTAMP' })).toBe('InvalidArgumentException');
  const unknown = { ShardIteratorType: 'LATEST', ShardId: 'shardId-000000000009' } as const;
  expect(await wrong(unknown)).toBe('ResourceNotFoundException');
});
