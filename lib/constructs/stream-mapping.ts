import { Duration } from 'aws-cdk-lib';
import {
  EventSourceMapping,
  MetricType,
  SourceAccessConfigurationType,
  StartingPosition,
  type EventSourceMappingOptions,
  type IFunction,
  type SourceAccessConfiguration,
} from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { EventStream, StreamSource } from './event-stream.ts';

/** Where Lambda writes records that it gives up on: `aws/lambda/<mapping>/…`. */
export const ON_FAILURE = 'aws/lambda/';

export interface StreamBatching {
  /** Records of an invocation, at most 10,000. @default 100 */
  readonly batchSize?: number;
  /** Seconds that Lambda waits for a batch to fill. @default 0 */
  readonly window?: number;
  /** Invocations per shard at once, 1 to 10. The order of a partition key stays. Kinesis only. @default 1 */
  readonly parallelization?: number;
  /** Times that a failing batch is retried before Lambda gives it up, at most 10,000. Cutting it costs none. @default 25 */
  readonly retries?: number;
  /** Hours after which Lambda gives up a record. @default 6 */
  readonly maximumAgeHours?: number;
}

interface MappingProps extends StreamBatching {
  readonly stream: EventStream;
  /** A function or its alias, whose role may read the stream and write to the bucket. */
  readonly target: IFunction;
  readonly bucketArn: string;
}

/**
 * Invokes a function with a stream's records, one mapping per topic. With Lambda's defaults, one record that always fails
 * blocks its shard until it expires, so everything that bounds that is set here. `LATEST` may lose events while a mapping
 * is created or updated, hence the oldest record is the start: the router knows what it has seen.
 */
export function mapStream(scope: Construct, props: MappingProps): readonly EventSourceMapping[] {
  const { stream, target, bucketArn } = props;
  const common = {
    target,
    batchSize: props.batchSize ?? 100,
    ...(props.window !== undefined && { maxBatchingWindow: Duration.seconds(props.window) }),
    startingPosition: StartingPosition.TRIM_HORIZON,
    onFailure: { bind: () => ({ destination: bucketArn }) },
    supportS3OnFailureDestination: true,
  };
  const make = (id: string, options: EventSourceMappingOptions): EventSourceMapping =>
    new EventSourceMapping(scope, id, { ...common, ...options });
  const { source, kinesis } = stream;
  const bounds = {
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    retryAttempts: props.retries ?? 25,
    maxRecordAge: Duration.hours(props.maximumAgeHours ?? 6),
    metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
  };
  if (source.kind === 'kinesis') {
    if (kinesis === undefined) throw new Error(`${stream.node.path} has no stream.`);
    const options = { eventSourceArn: kinesis.streamArn, parallelizationFactor: props.parallelization ?? 1 };
    return [make('Mapping', { ...options, ...bounds })];
  }
  return source.topics.map((topic, index) =>
    make(`Mapping${index === 0 ? '' : index + 1}`, {
      kafkaTopic: topic,
      ...kafka(source),
      ...(source.pollers && bounds),
    }),
  );
}

type Kafka = Exclude<StreamSource, { kind: 'kinesis' }>;

function kafka(source: Kafka): EventSourceMappingOptions {
  const { consumerGroup, pollers } = source;
  return {
    ...(consumerGroup !== undefined && { kafkaConsumerGroupId: consumerGroup }),
    ...(pollers && {
      provisionedPollerConfig: { minimumPollers: pollers.minimum, maximumPollers: pollers.maximum },
    }),
    ...(source.kind === 'msk'
      ? { eventSourceArn: source.clusterArn }
      : {
          kafkaBootstrapServers: source.bootstrapServers,
          sourceAccessConfigurations: [
            { type: SourceAccessConfigurationType.of(source.authentication), uri: source.secretArn },
            ...networkOf(source),
          ],
        }),
  };
}

/** Where Lambda places the pollers of a private cluster. */
const networkOf = ({ network }: Extract<StreamSource, { kind: 'kafka' }>): SourceAccessConfiguration[] => [
  ...(network?.subnetIds ?? []).map((id) => ({ type: SourceAccessConfigurationType.VPC_SUBNET, uri: `subnet:${id}` })),
  ...(network?.securityGroupIds ?? []).map((id) => ({
    type: SourceAccessConfigurationType.VPC_SECURITY_GROUP,
    uri: `security_group:${id}`,
  })),
];
