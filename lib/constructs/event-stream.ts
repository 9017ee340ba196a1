import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { z } from 'zod';
import { explain, explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';

const topics = z.array(z.string().min(1).max(249)).min(1).max(10);
/** Pollers of its own. Only then does Lambda heed a partial response of a Kafka router. Billed by the hour. */
const pollers = z
  .object({ minimum: z.number().int().min(1).max(200), maximum: z.number().int().min(1).max(2_000) })
  .optional();
/** The consumer group. A mapping that is created again with the same one goes on where the last one stopped. */
const consumerGroup = z.string().min(1).max(200).optional();

/**
 * The VPC of a cluster that the internet does not reach. From there Lambda must reach Lambda, STS and Secrets Manager too: by a
 * NAT gateway or by endpoints (https://docs.aws.amazon.com/lambda/latest/dg/services-kafka-setup.html).
 */
const network = z
  .strictObject({
    subnetIds: z.array(z.string().startsWith('subnet-')).min(1).max(16),
    securityGroupIds: z.array(z.string().startsWith('sg-')).min(1).max(5),
  })
  .optional();

/** Where a stream's events come from, as a system's settings have it. */
export const streamSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('kinesis'),
    /** Shards, 1 MB or 1,000 records per second each. @default on demand, which costs $29 a month when idle, a shard $11 */
    shards: z.number().int().min(1).max(500).optional(),
    /** Hours that a record is kept, 24 to 8,760. @default 24 */
    retentionHours: z.number().int().min(24).max(8_760).default(24),
  }),
  z.strictObject({
    kind: z.literal('kafka'),
    bootstrapServers: z
      .array(z.string().regex(/^[^:\s]+:\d+$/, 'must be host:port'))
      .min(1)
      .max(10),
    topics,
    /** A secret of Secrets Manager with `username` and `password` (SCRAM-SHA-512, or PLAIN over TLS). */
    secretArn: z.string().startsWith('arn:'),
    authentication: z.enum(['SASL_SCRAM_512_AUTH', 'SASL_SCRAM_256_AUTH', 'BASIC_AUTH']).default('SASL_SCRAM_512_AUTH'),
    /** @default the brokers have public addresses */
    network,
    consumerGroup,
    pollers,
    /** Hours that the topics keep a record. */
    retentionHours: z.number().int().min(1).max(8_760).default(168),
  }),
  z.strictObject({
    kind: z.literal('msk'),
    /** A cluster with IAM authentication. */
    clusterArn: z.string().startsWith('arn:'),
    topics,
    consumerGroup,
    pollers,
    retentionHours: z.number().int().min(1).max(8_760).default(168),
  }),
]);
export type StreamSource = z.output<typeof streamSourceSchema>;

export interface EventStreamProps {
  /** Checked here. @default Kinesis on demand */
  readonly source?: z.input<typeof streamSourceSchema>;
}

/**
 * A stream of CloudEvents: a Kinesis stream that is created here, or topics of an existing Kafka cluster. The partition key
 * of an event is its subject. Whoever reads it never learns which it is.
 */
export class EventStream extends Construct {
  readonly source: StreamSource;
  /** Undefined for Kafka. */
  readonly kinesis: Stream | undefined;

  constructor(scope: Construct, id: string, { source = { kind: 'kinesis' } }: EventStreamProps = {}) {
    super(scope, id);
    this.source = streamSourceSchema.parse(source);
    this.kinesis = this.source.kind === 'kinesis' ? this.#make(this.source) : undefined;
  }

  /** Lets a function be invoked with the stream's records. */
  grantConsuming(grantee: IGrantable): void {
    const { source } = this;
    const grant = (actions: string[], resourceArns: string[]): Grant =>
      Grant.addToPrincipal({ grantee, actions, resourceArns });
    if (this.kinesis !== undefined) {
      const read = ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'];
      grant(
        read.map((action) => `kinesis:${action}`),
        [this.kinesis.streamArn],
      );
      return FleetStack.of(this).grantDataKey(grantee);
    }
    if (source.kind === 'kafka') grant(['secretsmanager:GetSecretValue'], [source.secretArn]);
    if (source.kind === 'msk') this.#grantMsk(source, grant);
    if (source.kind === 'msk' || (source.kind === 'kafka' && source.network)) this.#grantNetwork(grant);
  }

  #make({ shards, retentionHours }: Extract<StreamSource, { kind: 'kinesis' }>): Stream {
    const { dataKey, removalPolicy } = FleetStack.of(this);
    const stream = new Stream(this, 'Stream', {
      ...(shards === undefined
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: shards }),
      retentionPeriod: Duration.hours(retentionHours),
      ...(dataKey === undefined
        ? { encryption: StreamEncryption.MANAGED }
        : { encryption: StreamEncryption.KMS, encryptionKey: dataKey }),
      removalPolicy,
    });
    if (dataKey !== undefined) explain(stream, { KDS3: 'The environment has a key of its own for all its data.' });
    return stream;
  }

  #grantMsk(
    { clusterArn, topics: names, consumerGroup: group = '*' }: Extract<StreamSource, { kind: 'msk' }>,
    grant: (actions: string[], resourceArns: string[]) => Grant,
  ): void {
    grant(['kafka:DescribeCluster', 'kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers'], [clusterArn]);
    grant(['kafka-cluster:Connect', 'kafka-cluster:DescribeClusterDynamicConfiguration'], [clusterArn]);
    const below = (kind: string, name: string): string => `${clusterArn.replace(':cluster/', `:${kind}/`)}/${name}`;
    grant(
      ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'],
      names.map((name) => below('topic', name)),
    );
    grant(['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup'], [below('group', group)]);
    if (group === '*')
      explainStar(
        FleetStack.of(this),
        below('group', group),
        'Lambda names the consumer group. Name one to narrow it.',
      );
  }

  #grantNetwork(grant: (actions: string[], resourceArns: string[]) => Grant): void {
    const interfaces = ['CreateNetworkInterface', 'DeleteNetworkInterface', 'DescribeNetworkInterfaces'];
    const places = ['DescribeVpcs', 'DescribeSubnets', 'DescribeSecurityGroups'];
    grant(
      [...interfaces, ...places].map((action) => `ec2:${action}`),
      ['*'],
    );
    explainStar(FleetStack.of(this), '*', 'Lambda’s pollers need these of the cluster’s network, on every resource.');
  }
}
