import {
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListStreamsCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import { startKinesis } from '../../testing/kinesis.ts';

test('a stream is described with its shards and settings', async () => {
  const kinesis = await startKinesis();
  const StreamName = await kinesis.stream('events', 2);
  const { StreamDescription } = await kinesis.client.send(new DescribeStreamCommand({ StreamName }));
  expect(StreamDescription).toMatchObject({
    StreamName,
    StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/events',
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
    RetentionPeriodHours: 24,
    HasMoreShards: false,
    EncryptionType: 'NONE',
  });
  expect(StreamDescription?.StreamCreationTimestamp).toBeInstanceOf(Date);
  const page = await kinesis.client.send(new DescribeStreamCommand({ StreamName, Limit: 1 }));
  expect(page.StreamDescription).toMatchObject({ HasMoreShards: true, Shards: [{ ShardId: 'shardId-000000000000' }] });
  const byArn = new DescribeStreamSummaryCommand({ StreamARN: StreamDescription?.StreamARN });
  expect((await kinesis.client.send(byArn)).StreamDescriptionSummary).toMatchObject({ OpenShardCount: 2 });
});

test('streams are listed by name in pages, and a deleted one is gone', async () => {
  const kinesis = await startKinesis();
  for (const name of ['c', 'a', 'b']) await kinesis.stream(name);
  const first = await kinesis.client.send(new ListStreamsCommand({ Limit: 2 }));
  expect([first.StreamNames, first.HasMoreStreams]).toEqual([['a', 'b'], true]);
  const rest = await kinesis.client.send(new ListStreamsCommand({ ExclusiveStartStreamName: 'b' }));
  expect([rest.StreamNames, rest.HasMoreStreams]).toEqual([['c'], false]);
  await kinesis.client.send(new DeleteStreamCommand({ StreamName: 'b' }));
  await expect(kinesis.client.send(new DescribeStreamSummaryCommand({ StreamName: 'b' }))).rejects.toThrow(
    expect.objectContaining({
      name: 'ResourceNotFoundException',
      message: 'Stream b under account 000000000000 not found.',
    }),
  );
});

test('a stream on demand begins with four shards', async () => {
  const kinesis = await startKinesis();
  const StreamModeDetails = { StreamMode: 'ON_DEMAND' } as const;
  await kinesis.client.send(new CreateStreamCommand({ StreamName: 'events', StreamModeDetails }));
  const { StreamDescriptionSummary } = await kinesis.client.send(
    new DescribeStreamSummaryCommand({ StreamName: 'events' }),
  );
  expect(StreamDescriptionSummary).toMatchObject({ OpenShardCount: 4, StreamModeDetails });
});

test('the retention period only grows and shrinks between a day and a year', async () => {
  const kinesis = await startKinesis();
  const StreamName = await kinesis.stream('events');
  const increase = (RetentionPeriodHours: number) =>
    kinesis.client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
  const decrease = (RetentionPeriodHours: number) =>
    kinesis.client.send(new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
  await increase(48);
  await expect(increase(30)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  await expect(increase(9000)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  await expect(decrease(72)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  await expect(decrease(12)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  await decrease(24);
  const summary = await kinesis.client.send(new DescribeStreamSummaryCommand({ StreamName }));
  expect(summary.StreamDescriptionSummary?.RetentionPeriodHours).toBe(24);
});

test('rejects invalid input with the errors of AWS', async () => {
  const kinesis = await startKinesis();
  const StreamName = await kinesis.stream('events');
  const name = (sent: Promise<unknown>) =>
    sent.then(
      () => 'accepted',
      (error: Error) => error.name,
    );
  const Data = Buffer.from('x');
  const { client } = kinesis;
  expect(await name(kinesis.stream('events'))).toBe('ResourceInUseException');
  expect(await name(kinesis.stream('not a name'))).toBe('ValidationException');
  expect(await name(client.send(new PutRecordCommand({ StreamName, PartitionKey: '', Data })))).toBe(
    'ValidationException',
  );
  expect(await name(client.send(new PutRecordCommand({ StreamName: 'none', PartitionKey: 'k', Data })))).toBe(
    'ResourceNotFoundException',
  );
  const many = Array.from({ length: 501 }, () => ({ PartitionKey: 'k', Data }));
  expect(await name(client.send(new PutRecordsCommand({ StreamName, Records: many })))).toBe('ValidationException');
  const key = { PartitionKey: 'k', Data, ExplicitHashKey: '-1' };
  expect(await name(client.send(new PutRecordsCommand({ StreamName, Records: [key] })))).toBe('ValidationException');
});

test('words a validation error as AWS does', async () => {
  const kinesis = await startKinesis({ now: Date.now });
  const StreamName = await kinesis.stream('events');
  const Records = [{ PartitionKey: 'k', Data: Buffer.from('x'), ExplicitHashKey: 'no' }];
  const command = new PutRecordsCommand({ StreamName, Records });
  await expect(kinesis.client.send(command)).rejects.toThrow(
    "1 validation error detected: Value 'no' at 'records.1.member.explicitHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: (0|([1-9]\\d{0,38}))",
  );
});

test('HTTP/1.1 works too, as the AWS CLI speaks it', async () => {
  const kinesis = await startKinesis();
  const StreamName = await kinesis.stream('events');
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.ListStreams' };
  const answer = await fetch(kinesis.url, { method: 'POST', headers, body: '{}' });
  expect(await answer.json()).toMatchObject({ StreamNames: [StreamName] });
});
