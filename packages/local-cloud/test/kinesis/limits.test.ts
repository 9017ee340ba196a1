import { DescribeStreamSummaryCommand, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import { startKinesis, texts } from '../../testing/kinesis.ts';
import { clock } from '../../testing/sqs.ts';

const SHARD = 'shardId-000000000000';
const records = (count: number, bytes = 1) =>
  Array.from({ length: count }, (_, index) => ({ PartitionKey: `k${index}`, Data: Buffer.alloc(bytes, 'x') }));

test('a shard takes 1,000 records per second; PutRecords reports the others and keeps what it took', async () => {
  const time = clock();
  const kinesis = await startKinesis({ now: () => time.time });
  const StreamName = await kinesis.stream('events');
  const put = (count: number) => kinesis.client.send(new PutRecordsCommand({ StreamName, Records: records(count) }));
  expect((await put(500)).FailedRecordCount).toBe(0);
  expect((await put(499)).FailedRecordCount).toBe(0);
  const third = await put(3);
  expect(third.FailedRecordCount).toBe(2);
  expect(third.Records?.map(({ ErrorCode }) => ErrorCode)).toEqual([
    undefined,
    'ProvisionedThroughputExceededException',
    'ProvisionedThroughputExceededException',
  ]);
  expect(third.Records?.[1]).toEqual({
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage: 'Rate exceeded for shard shardId-000000000000 in stream events under account 000000000000.',
  });
  const alone = new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: Buffer.from('x') });
  await expect(kinesis.client.send(alone)).rejects.toThrow(
    expect.objectContaining({ name: 'ProvisionedThroughputExceededException' }),
  );
  time.advance(1);
  expect((await put(1)).FailedRecordCount).toBe(0);
  const answer = await kinesis.read(await kinesis.iterator(StreamName, SHARD));
  expect(answer.Records).toHaveLength(1001);
});

test('a shard takes 1 MiB per second', async () => {
  const time = clock();
  const kinesis = await startKinesis({ now: () => time.time });
  const StreamName = await kinesis.stream('events');
  const half = { PartitionKey: 'k', Data: Buffer.alloc(2 ** 19 - 1) };
  const Records = [half, half, half];
  const answer = await kinesis.client.send(new PutRecordsCommand({ StreamName, Records }));
  expect(answer.FailedRecordCount).toBe(1);
  expect(answer.Records?.[2]?.ErrorCode).toBe('ProvisionedThroughputExceededException');
});

test('five reads of a shard per second', async () => {
  const time = clock();
  const kinesis = await startKinesis({ now: () => time.time });
  const StreamName = await kinesis.stream('events');
  const iterator = await kinesis.iterator(StreamName, SHARD);
  for (let n = 0; n < 5; n++) await kinesis.read(iterator);
  await expect(kinesis.read(iterator)).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  time.advance(1);
  await kinesis.read(iterator);
});

test('a record has at most 1 MiB with its key, or what the stream allows', async () => {
  const kinesis = await startKinesis();
  const StreamName = await kinesis.stream('events');
  const fits = new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: Buffer.alloc(2 ** 20 - 1) });
  await kinesis.client.send(fits);
  const over = new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: Buffer.alloc(2 ** 20) });
  await expect(kinesis.client.send(over)).rejects.toMatchObject({ name: 'ValidationException' });
});

test('a stream can allow records of 10 MiB', async () => {
  const kinesis = await startKinesis({ now: Date.now });
  const settings = { StreamName: 'big', StreamMode: 'PROVISIONED', ShardCount: 1, RetentionPeriodHours: 24 };
  const caller = { accessKeyId: 'test', principal: 'root' };
  await kinesis.service.invoke('ProvisionStream', { ...settings, MaxRecordSizeInKiB: 10_240 }, caller);
  const Data = Buffer.alloc(10 * 2 ** 20 - 1, 'x');
  await kinesis.client.send(new PutRecordCommand({ StreamName: 'big', PartitionKey: 'k', Data }));
  const answer = await kinesis.read(await kinesis.iterator('big', SHARD));
  expect(texts(answer.Records)[0]).toHaveLength(Data.length);
});

test('records and closed shards disappear when their retention has ended', async () => {
  const time = clock();
  const kinesis = await startKinesis({ now: () => time.time });
  const StreamName = await kinesis.stream('events');
  const put = (text: string) =>
    kinesis.client.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: Buffer.from(text) }));
  await put('old');
  time.advance(23 * 3600);
  await put('young');
  time.advance(3601);
  const left = async () => texts((await kinesis.read(await kinesis.iterator(StreamName, SHARD))).Records);
  expect(await left()).toEqual(['young']);
  await put('new');
  expect(await left()).toEqual(['young', 'new']);
  const summary = await kinesis.client.send(new DescribeStreamSummaryCommand({ StreamName }));
  expect(summary.StreamDescriptionSummary?.RetentionPeriodHours).toBe(24);
});
