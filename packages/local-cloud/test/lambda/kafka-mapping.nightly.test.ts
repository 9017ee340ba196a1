import { Admin, Producer } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { startFixture } from '../../testing/cloud.ts';
import type { Fixture } from '../../testing/cloud.ts';
import { kafkaProblem, startKafka } from '../../testing/kafka.ts';
import type { KafkaBroker } from '../../testing/kafka.ts';
import { worker } from './stream-mapping.support.ts';

const problem = await kafkaProblem();
// A skipped test must say why.
const reason = problem === undefined ? '' : ` (skipped: ${problem})`;

const WORKER = `let calls = 0;
export const handler = async (event) => {
  console.log('event ' + JSON.stringify(event));
  const texts = Object.values(event.records).flat().map(({ value }) => Buffer.from(value, 'base64').toString());
  if (texts.includes('fails once') && calls++ === 0) throw new Error('as told');
  console.log('batch ' + JSON.stringify(texts));
};`;

const fixture = (topic: string): Fixture => ({
  code: { worker: WORKER },
  resources: {
    Worker: worker(),
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['cluster.example.com:9092'] } },
        FunctionName: { Ref: 'Worker' },
        Topics: [topic],
        StartingPosition: 'TRIM_HORIZON',
        SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: `group-${topic}` },
      },
    },
  },
});

describe.skipIf(problem !== undefined)(`with a real broker${reason}`, () => {
  let kafka: KafkaBroker;
  beforeAll(async () => {
    kafka = await startKafka();
  });
  afterAll(() => kafka.close());

  async function send(topic: string, values: readonly string[]): Promise<void> {
    const bootstrapBrokers = [kafka.bootstrap];
    const admin = new Admin({ clientId: 'test', bootstrapBrokers });
    await admin.createTopics({ topics: [topic], partitions: 2, replicas: 1 }).catch(() => undefined);
    await admin.close();
    const producer = new Producer({ clientId: 'test', bootstrapBrokers });
    const messages = values.map((value) => ({
      topic,
      partition: 0,
      key: Buffer.from('key'),
      value: Buffer.from(value),
    }));
    await producer.send({ messages });
    await producer.close();
  }

  test('an event has the format that AWS documents, and a failed batch comes again', async () => {
    await send('events', ['a', 'fails once']);
    await using cloud = await startFixture(fixture('events'), { kafkaBootstrap: kafka.bootstrap });
    const { line } = await cloud.event('lambda.log', (event) => event.line.includes('event {'));
    const event: unknown = JSON.parse(line.slice(line.indexOf('{')));
    expect(event).toMatchObject({
      eventSource: 'SelfManagedKafka',
      bootstrapServers: kafka.bootstrap,
      records: {
        'events-0': [
          {
            topic: 'events',
            partition: 0,
            offset: 0,
            timestamp: expect.any(Number),
            timestampType: 'CREATE_TIME',
            key: Buffer.from('key').toString('base64'),
            value: Buffer.from('a').toString('base64'),
            headers: [],
          },
          { offset: 1 },
        ],
      },
    });
    await cloud.event('lambda.log', (logged) => logged.line.includes('batch ["a","fails once"]'));
    const { EventSourceMappings } = await cloud.call('lambda', 'ListEventSourceMappings', {}, ROOT);
    expect(EventSourceMappings).toMatchObject([{ Topics: ['events'], BatchSize: 100 }]);
  });

  test('a batch that always fails goes to the bucket, and the next one follows', async () => {
    await send('poison', ['poison']);
    const { resources, code } = fixture('poison');
    const Mapping = resources['Mapping'] as { Type: string; Properties: object };
    const Destination = { 'Fn::GetAtt': ['Bucket', 'Arn'] };
    const DestinationConfig = { OnFailure: { Destination } };
    const failing = `export const handler = async (event) => {
      const texts = Object.values(event.records).flat().map(({ value }) => Buffer.from(value, 'base64').toString());
      if (texts.includes('poison')) throw new Error('as told');
      console.log('batch ' + JSON.stringify(texts));
    };`;
    await using cloud = await startFixture(
      {
        code: { ...code, worker: failing },
        resources: {
          ...resources,
          Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'discarded' } },
          Mapping: { ...Mapping, Properties: { ...Mapping.Properties, DestinationConfig } },
        },
        grants: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }],
      },
      { kafkaBootstrap: kafka.bootstrap },
    );
    await cloud.event('mapping.discarded');
    await send('poison', ['good']);
    await cloud.event('lambda.log', ({ line }) => line.includes('batch ["good"]'));
    const { Contents } = await cloud.call('s3', 'ListObjectsV2', { Bucket: 'discarded' }, ROOT);
    expect(Contents).toMatchObject([{ Key: expect.stringMatching(/^aws\/lambda\/[0-9a-f-]{36}\/poison-0\/\d{4}\//) }]);
  });

  test('committed offsets outlive the cloud', async () => {
    await send('kept', ['a']);
    {
      await using first = await startFixture(fixture('kept'), { kafkaBootstrap: kafka.bootstrap });
      await first.event('lambda.log', (logged) => logged.line.includes('batch ["a"]'));
    }
    await send('kept', ['b']);
    await using second = await startFixture(fixture('kept'), { kafkaBootstrap: kafka.bootstrap });
    const { line } = await second.event('lambda.log', (logged) => logged.line.includes('batch ['));
    expect(line).toContain('batch ["b"]');
  });
});

test('without a broker of this machine a mapping of Kafka is rejected with the remedy', async () => {
  await expect(startFixture(fixture('events'))).rejects.toThrow(/npm run kafka/);
});
