import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import type { z } from 'zod';
import { explain, explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import { streamSourceSchema, type StreamSource } from '../stream-source.ts';

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
