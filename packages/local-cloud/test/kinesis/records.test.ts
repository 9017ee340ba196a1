import { PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import { startKinesis, texts } from '../../testing/kinesis.ts';

const SHARD = 'shardId-000000000000';

test('records come back in order, with growing sequence numbers', async () => {
  const kinesis = await startKinesis();
  const StreamName = await kinesis.stream('events');
  const one = await kinesis.client.send(
    new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: Buffer.from('first') }),
  );
  expect(one.ShardId).toBe(SHARD);
  const Records = ['second', 'third', 'é'].map((text) => ({ PartitionKey: text, Data: Buffer.from(text) }));
  const many = await kinesis.client.send(new PutRecordsCommand({ StreamName, Records }));
  expect(many.FailedRecordCount).toBe(0);
  const answer = await kinesis.read(await kinesis.iterator(StreamName, SHARD));
  expect(texts(answer.Records)).toEqual(['first', 'second', 'third', 'é']);
  expect(answer.Records?.map(({ PartitionKey }) => PartitionKey)).toEqual(['a', 'second', 'third', 'é']);
  const numbers = answer.Records?.map(({ SequenceNumber }) => BigInt(SequenceNumber ?? 0)) ?? [];
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => (a < b ? -1 : 1)));
  expect(numbers[0]).toBe(BigInt(one.SequenceNumber ?? 0));
  expect(answer.MillisBehindLatest).toBe(0);
  expect(answer.Records?.[0]?.ApproximateArrivalTimestamp).toBeInstanceOf(Date);
  expect(answer.NextShardIterator).toBeTypeOf('string');
});
