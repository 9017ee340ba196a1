import { beforeAll, describe, expect, it } from 'vitest';
import type { EventStreamProps, SystemProps } from '#lib/index.ts';
import { TallyStack } from '../systems/tally/stack.ts';
import { nagFindings } from './nag.ts';
import { quickApp, synthesizeStack, type Synthesized } from './synthesize.ts';

type Source = EventStreamProps['source'];

/** A system's stack of this source. */
const tallyOf = (source: Source, batching = {}) =>
  class extends TallyStack {
    constructor(scope: ConstructorParameters<typeof TallyStack>[0], props: SystemProps) {
      super(scope, props, source, batching);
    }
  };

function synthesized(source?: Source, environment = 'dev'): Synthesized {
  const app = quickApp(environment);
  const [stack] = app.add(tallyOf(source));
  if (stack === undefined) throw new Error('The app has no stack.');
  return synthesizeStack(app, stack);
}

const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:kafka-AbCdEf';
const KAFKA: Source = {
  kind: 'kafka',
  bootstrapServers: ['broker.example.com:9096'],
  topics: ['bars', 'news'],
  secretArn: SECRET,
};
const CLUSTER = 'arn:aws:kafka:us-east-1:111122223333:cluster/market/6f0e-1';
const MSK: Source = { kind: 'msk', clusterArn: CLUSTER, topics: ['bars'], pollers: { minimum: 1, maximum: 4 } };

/** All statements of the policies of a role. */
function statementsOf(stack: Synthesized, idPrefix: string) {
  const { Properties } = stack.resource('AWS::IAM::Policy', idPrefix);
  const { Statement } = Properties['PolicyDocument'] as {
    Statement: { Action: string | string[]; Resource: unknown }[];
  };
  return Statement.flatMap(({ Action, Resource }) => [Action].flat().map((action) => ({ action, resource: Resource })));
}
const actionsOf = (stack: Synthesized): readonly string[] =>
  statementsOf(stack, 'NumbersRouterRoleDefaultPolicy').map(({ action }) => action);

/** The alarms of the router as a whole, by the names of their metrics. */
const alarmsOf = (stack: Synthesized): readonly { MetricName: string; AlarmDescription: unknown }[] =>
  Object.entries(stack.resources('AWS::CloudWatch::Alarm'))
    .filter(([id]) => /^Numbers(?!Router|Sweep)/.test(id))
    .map(([, { Properties }]) => ({
      MetricName: String(Properties['MetricName']),
      AlarmDescription: Properties['AlarmDescription'],
    }))
    .toSorted((a, b) => a.MetricName.localeCompare(b.MetricName));

describe('a router of a Kinesis stream', () => {
  let stack: Synthesized;
  beforeAll(() => {
    stack = synthesized({ kind: 'kinesis', shards: 2 });
  });

  it('has bounds for what would block a shard, and loses nothing when it is deployed', () => {
    const { Properties } = stack.resource('AWS::Lambda::EventSourceMapping');
    expect(Properties).toMatchObject({
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRecordAgeInSeconds: 21_600,
      // An outage of six hours gives no good record up.
      MaximumRetryAttempts: -1,
      ParallelizationFactor: 1,
      StartingPosition: 'TRIM_HORIZON',
      MetricsConfig: { Metrics: ['EventCount'] },
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringMatching(/^Artifacts/), 'Arn'] } } },
    });
  });

  it('remembers events for longer than the stream keeps them', () => {
    const { Properties } = stack.resource('AWS::Lambda::Function', 'NumbersRouter');
    const { Variables } = Properties['Environment'] as { Variables: Record<string, unknown> };
    expect(stack.resource('AWS::Kinesis::Stream').Properties).toMatchObject({
      RetentionPeriodHours: 24,
      ShardCount: 2,
    });
    expect(Variables).toMatchObject({ ROUTER: 'tally', ROUTER_MEMORY_HOURS: '48', ROUTER_PARTIAL: 'true' });
  });

  it('may read this stream, and write its items and what it sets aside, and nothing else', () => {
    expect(new Set(actionsOf(stack))).toEqual(
      new Set([
        'dynamodb:BatchGetItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamSummary',
        'kinesis:GetRecords',
        'kinesis:GetShardIterator',
        'kinesis:ListShards',
        's3:AbortMultipartUpload',
        's3:ListBucket',
        's3:PutObject',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
      ]),
    );
    const written = statementsOf(stack, 'NumbersRouterRoleDefaultPolicy').filter(
      ({ action }) => action === 's3:PutObject',
    );
    expect(JSON.stringify(written)).toContain('/rejected/*');
    expect(JSON.stringify(written)).toContain('/aws/lambda/*');
  });

  it('has a sweep each minute, by an index of the table', () => {
    const { Properties } = stack.resource('AWS::Lambda::Function', 'NumbersSweep');
    expect(Properties).toMatchObject({ Handler: 'index.sweep' });
    const [schedule] = Object.values(stack.resources('AWS::Scheduler::Schedule'));
    expect(schedule?.Properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)' });
    expect(JSON.stringify(stack.resource('AWS::DynamoDB::GlobalTable').Properties)).toContain('"IndexName":"outbox"');
  });

  it('says in each alarm what happened and what to do', () => {
    const alarms = alarmsOf(stack);
    expect(alarms.map(({ MetricName }) => MetricName)).toEqual([
      'DroppedEventCount',
      'EffectsOverdue',
      'EffectsSetAside',
      'EventsRejected',
      'IteratorAge',
      'OnFailureDestinationDeliveredEventCount',
    ]);
    for (const { AlarmDescription } of alarms) expect(AlarmDescription).toMatch(/\. .*[.]\nSeverity /);
  });
});

describe('a stream', () => {
  it('is on demand unless it has shards', () => {
    expect(synthesized().resource('AWS::Kinesis::Stream').Properties).toMatchObject({
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    });
  });

  it('of Kafka has a mapping for each topic, whose batches fail as a whole', () => {
    const stack = synthesized(KAFKA);
    const mappings = Object.values(stack.resources('AWS::Lambda::EventSourceMapping')).map(
      ({ Properties }) => Properties,
    );
    expect(mappings.map((mapping) => mapping['Topics'])).toEqual([['bars'], ['news']]);
    expect(mappings[0]).toMatchObject({
      SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['broker.example.com:9096'] } },
      SourceAccessConfigurations: [{ Type: 'SASL_SCRAM_512_AUTH', URI: SECRET }],
      StartingPosition: 'TRIM_HORIZON',
    });
    expect(mappings[0]).not.toHaveProperty('BisectBatchOnFunctionError');
    expect(actionsOf(stack)).toContain('secretsmanager:GetSecretValue');
    expect(stack.resources('AWS::Kinesis::Stream')).toEqual({});
    const { Properties } = stack.resource('AWS::Lambda::Function', 'NumbersRouter');
    expect(JSON.stringify(Properties['Environment'])).toContain('"ROUTER_PARTIAL":"false"');
  });

  it.each([
    ['Kafka', KAFKA, 0],
    ['Kafka with pollers', { ...KAFKA, pollers: { minimum: 1, maximum: 2 } }, 2],
    ['MSK', { ...MSK, pollers: undefined }, 0],
    ['MSK with pollers', MSK, 1],
  ] as const)(
    'of %s has alarms on what Lambda gives up only where its mappings measure that',
    (_, source, counting) => {
      const stack = synthesized(source);
      const mappings = Object.values(stack.resources('AWS::Lambda::EventSourceMapping'));
      const measured = mappings.filter(({ Properties }) => Properties['MetricsConfig'] !== undefined);
      const names = alarmsOf(stack).map(({ MetricName }) => MetricName);
      expect(measured).toHaveLength(counting);
      for (const name of ['DroppedEventCount', 'OnFailureDestinationDeliveredEventCount'])
        expect(names.filter((each) => each === name)).toHaveLength(counting);
      // Without them, this one rings for records on which Lambda gives up: it does so after ten errors.
      expect(stack.resource('AWS::CloudWatch::Alarm', 'NumbersRouterErrors').Properties['MetricName']).toBe('Errors');
    },
  );

  it('of a private Kafka is read from the subnets and security groups of its network', () => {
    const network = { subnetIds: ['subnet-1', 'subnet-2'], securityGroupIds: ['sg-1'] };
    const stack = synthesized({ ...KAFKA, network });
    const [mapping] = Object.values(stack.resources('AWS::Lambda::EventSourceMapping'));
    expect(mapping?.Properties['SourceAccessConfigurations']).toEqual([
      { Type: 'SASL_SCRAM_512_AUTH', URI: SECRET },
      { Type: 'VPC_SUBNET', URI: 'subnet:subnet-1' },
      { Type: 'VPC_SUBNET', URI: 'subnet:subnet-2' },
      { Type: 'VPC_SECURITY_GROUP', URI: 'security_group:sg-1' },
    ]);
    expect(actionsOf(stack)).toContain('ec2:CreateNetworkInterface');
    expect(actionsOf(synthesized(KAFKA))).not.toContain('ec2:CreateNetworkInterface');
  });

  it('of MSK heeds partial responses with pollers of its own', () => {
    const stack = synthesized(MSK);
    expect(stack.resource('AWS::Lambda::EventSourceMapping').Properties).toMatchObject({
      EventSourceArn: CLUSTER,
      Topics: ['bars'],
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 4 },
      // -1 would be ten.
      MaximumRetryAttempts: 10_000,
    });
    const statements = statementsOf(stack, 'NumbersRouterRoleDefaultPolicy');
    const reading = statements.find(({ action }) => action === 'kafka-cluster:ReadData');
    expect(reading?.resource).toBe('arn:aws:kafka:us-east-1:111122223333:topic/market/6f0e-1/bars');
  });

  it('has records given up before they expire, so that they are in the bucket', () => {
    const age = (source: Source) =>
      synthesized(source).resource('AWS::Lambda::EventSourceMapping').Properties['MaximumRecordAgeInSeconds'];
    expect(age({ ...MSK, retentionHours: 1 })).toBe(1_800);
    expect(age({ kind: 'kinesis', retentionHours: 8_760 })).toBe(21_600);
    const app = quickApp('dev');
    expect(() => app.add(tallyOf({ kind: 'kinesis' }, { maximumAgeHours: 24 }))).toThrow('raise retentionHours');
  });

  it('with a wrong source is rejected by the name of the field', () => {
    expect(() => synthesized({ kind: 'kinesis', shards: 0 })).toThrow('shards');
    expect(() => synthesized({ ...KAFKA, bootstrapServers: ['broker'] })).toThrow('host:port');
    expect(() => synthesized({ ...KAFKA, network: { subnetIds: [], securityGroupIds: ['sg-1'] } })).toThrow(
      'subnetIds',
    );
  });

  const PRIVATE: Source = { ...KAFKA, network: { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] } };
  it.each([undefined, KAFKA, PRIVATE, MSK])('has no unexplained finding of cdk-nag: %j', (source) => {
    const key = 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555';
    const app = quickApp('prod', { account: '111122223333', kmsKeyArn: key });
    app.add(tallyOf(source));
    expect(nagFindings(app)).toEqual([]);
  });
});
