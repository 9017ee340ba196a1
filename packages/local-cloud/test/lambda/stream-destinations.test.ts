import { expect, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { startFixture } from '../../testing/cloud.ts';
import { mapping, put, READ_GRANT, expectSoon, stream, WORKER, worker } from './stream-mapping.support.ts';

const arn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const failing = (Destination: unknown) => ({
  MaximumRetryAttempts: 0,
  DestinationConfig: { OnFailure: { Destination } },
});

test('what is given up is measured only by a mapping that counts its events, as on AWS', async () => {
  await using cloud = await startFixture({
    code: { worker: WORKER },
    resources: {
      Stream: stream({ Name: 'events' }),
      Worker: worker(),
      Silent: mapping('Stream', 'Worker', { MaximumRetryAttempts: 0 }),
      Counting: mapping('Stream', 'Worker', { MaximumRetryAttempts: 0, MetricsConfig: { Metrics: ['EventCount'] } }),
    },
    outputs: { Counting: { Value: { Ref: 'Counting' } } },
    grants: [READ_GRANT],
  });
  const discarded = () => cloud.events.filter(({ code }) => code === 'mapping.discarded').length;
  await put(cloud, 'events', ['throw']);
  await expectSoon(discarded, 2);
  // A mapping reads on when it has measured the record before.
  await put(cloud, 'events', ['throw']);
  await expectSoon(discarded, 4);
  const { Metrics } = await cloud.call('monitoring', 'ListMetrics', { MetricName: 'DroppedEventCount' }, ROOT);
  expect(Metrics).toMatchObject([
    { Dimensions: [{ Name: 'EventSourceMappingUUID', Value: cloud.outputs['Fixture']?.['Counting'] }] },
  ]);
});

test('discarded records go to a bucket with the event, to a queue and a topic as metadata', async () => {
  await using cloud = await startFixture({
    code: { worker: WORKER },
    resources: {
      Stream: stream({ Name: 'events' }),
      Worker: worker(),
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'discarded' } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'discarded' } },
      Heard: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'heard' } },
      Policy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: 'Heard' }],
          PolicyDocument: {
            Statement: {
              Effect: 'Allow',
              Principal: { Service: 'sns.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: arn('Heard'),
            },
          },
        },
      },
      Topic: { Type: 'AWS::SNS::Topic', Properties: { Subscription: [{ Protocol: 'sqs', Endpoint: arn('Heard') }] } },
      ToBucket: mapping('Stream', 'Worker', failing(arn('Bucket'))),
      ToQueue: mapping('Stream', 'Worker', failing(arn('Queue'))),
      ToTopic: mapping('Stream', 'Worker', failing({ Ref: 'Topic' })),
    },
    outputs: { Queue: { Value: { Ref: 'Queue' } }, Heard: { Value: { Ref: 'Heard' } } },
    grants: [
      READ_GRANT,
      { Effect: 'Allow', Action: ['s3:PutObject', 'sqs:SendMessage', 'sns:Publish'], Resource: '*' },
    ],
  });
  await put(cloud, 'events', ['throw']);
  const receive = async (name: string): Promise<unknown> => {
    const input = { QueueUrl: cloud.outputs['Fixture']?.[name], WaitTimeSeconds: 10 };
    const { Messages } = await cloud.call('sqs', 'ReceiveMessage', input, ROOT);
    return JSON.parse((Messages as { Body: string }[])[0]?.Body ?? 'null');
  };
  const metadata = {
    requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 1 },
    responseContext: { statusCode: 200, functionError: 'Unhandled' },
    version: '1.0',
    KinesisBatchInfo: {
      shardId: 'shardId-000000000000',
      batchSize: 1,
      streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/events',
    },
  };
  const queued = await receive('Queue');
  expect(queued).toMatchObject(metadata);
  expect(queued).not.toHaveProperty('payload');
  const { Message } = (await receive('Heard')) as { Message: string };
  expect(JSON.parse(Message)).toMatchObject(metadata);
  const list = async () => (await cloud.call('s3', 'ListObjectsV2', { Bucket: 'discarded' }, ROOT))['Contents'] ?? [];
  await expectSoon(async () => ((await list()) as unknown[]).length, 1);
  const [{ Key = '' } = {}] = (await list()) as { Key?: string }[];
  expect(Key).toMatch(
    /^aws\/lambda\/[0-9a-f-]{36}\/shardId-000000000000\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[0-9a-f-]{36}$/,
  );
  const object = await cloud.call('s3', 'GetObject', { Bucket: 'discarded', Key }, ROOT);
  expect(Object.keys(object)).toContain('Body');
});
