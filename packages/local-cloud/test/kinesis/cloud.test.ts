import { GetShardIteratorCommand, KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { writeIterator } from '../../src/services/kinesis/iterator.ts';
import { CREDENTIALS, startFixture } from '../../testing/cloud.ts';
import type { FixtureCloud } from '../../testing/cloud.ts';
import { iamWith, WORKER } from '../iam/support.ts';

const stream = (properties: object) => ({ Type: 'AWS::Kinesis::Stream', Properties: properties });
const resources = {
  Provisioned: stream({ Name: 'provisioned', ShardCount: 3, RetentionPeriodHours: 48 }),
  OnDemand: stream({
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
  }),
};
const outputs = {
  Name: { Value: { Ref: 'OnDemand' } },
  Arn: { Value: { 'Fn::GetAtt': ['OnDemand', 'Arn'] } },
};

let cloud: FixtureCloud;
beforeAll(async () => {
  cloud = await startFixture({ resources, outputs });
});
afterAll(() => cloud[Symbol.asyncDispose]());

function client(secretAccessKey = CREDENTIALS.secretAccessKey): KinesisClient {
  const credentials = { ...CREDENTIALS, secretAccessKey };
  const made = new KinesisClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => made.destroy());
  return made;
}

const put = new PutRecordCommand({ StreamName: 'provisioned', PartitionKey: 'k', Data: Buffer.from('x') });

test('a template makes streams', async () => {
  const summary = async (StreamName: string | undefined) => {
    const caller = { accessKeyId: 'test', principal: 'root' };
    return (await cloud.call('kinesis', 'DescribeStreamSummary', { StreamName }, caller))['StreamDescriptionSummary'];
  };
  expect(await summary('provisioned')).toMatchObject({ OpenShardCount: 3, RetentionPeriodHours: 48 });
  const { Name, Arn } = cloud.outputs['Fixture'] ?? {};
  expect(Name).toMatch(/^Fixture-OnDemand-/);
  expect(await summary(Name)).toMatchObject({ StreamARN: Arn, OpenShardCount: 4, KeyId: 'alias/aws/kinesis' });
});

test('the default client of the SDK, which speaks HTTP/2, is verified like any other', async () => {
  expect((await client().send(put)).SequenceNumber).toMatch(/^\d{56}$/);
  await expect(client('wrong').send(put)).rejects.toMatchObject({ name: 'InvalidSignatureException' });
});

test('an error names the field', async () => {
  const start = new GetShardIteratorCommand({
    StreamName: 'provisioned',
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'LATEST',
    StartingSequenceNumber: 'x',
  });
  await expect(client().send(start)).rejects.toThrow(/'startingSequenceNumber' failed to satisfy constraint/);
});

test('GetRecords needs the permission on the stream of the iterator, whatever else the call names', () => {
  const arn = (name: string): string => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
  const iam = iamWith({ Effect: 'Allow', Action: 'kinesis:Get*', Resource: arn('mine') });
  const iterator = (stream: string): string => writeIterator({ stream, streamId: 1, shard: 0, after: 0 }, 0);
  iam.authorize('kinesis', 'GetRecords', { ShardIterator: iterator('mine') }, WORKER);
  const input = { ShardIterator: iterator('other'), StreamARN: arn('mine') };
  expect(() => iam.authorize('kinesis', 'GetRecords', input, WORKER)).toThrow(/kinesis:GetRecords/);
  expect(() => iam.authorize('kinesis', 'PutRecord', { StreamName: 'mine' }, WORKER)).toThrow(/kinesis:PutRecord/);
});
