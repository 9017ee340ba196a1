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
import type { StreamSource } from '../stream-source.ts';
import type { EventStream } from './event-stream.ts';

/** Where Lambda writes records that it gives up on: `aws/lambda/<mapping>/…`. */
export const ON_FAILURE = 'aws/lambda/';

export interface StreamBatching {
  /** Records of an invocation, at most 10,000. @default 100 */
  readonly batchSize?: number;
  /** Seconds that Lambda waits for a batch to fill. @default 0 */
  readonly window?: number;
  /** Invocations per shard at once, 1 to 10. The order of a partition key stays. Kinesis only. @default 1 */
  readonly parallelization?: number;
  /**
   * Hours after which Lambda gives up a record and writes it to the bucket: what an outage may take, and what a record whose
   * invocation always fails may block its shard. Less than the stream keeps a record, at most 168. @default 6, or half of
   * what the stream keeps
   */
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
 * blocks its shard until it expires, so its age is bound here. Attempts are not: 25 of them are over within minutes, so an
 * outage of a store would have Lambda give up good records. `LATEST` may lose events while a mapping
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
    retryAttempts: source.kind === 'kinesis' ? -1 : MOST_ATTEMPTS,
    maxRecordAge: maximumAge(props),
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
      ...(countsEvents(source) && bounds),
    }),
  );
}

/**
 * Whether Lambda measures what becomes of the events of a mapping. Of Kafka it does with pollers of their own alone. Without
 * them, what Lambda gives up rings the alarm on the router's errors, since it gives up only what failed ten times.
 */
export const countsEvents = (source: StreamSource): boolean =>
  source.kind === 'kinesis' || source.pollers !== undefined;

/** A record that expires while it is retried is in no bucket, so its age must reach the bound first. */
function maximumAge({ maximumAgeHours, stream: { source, node } }: MappingProps): Duration {
  const { retentionHours } = source;
  const hours = maximumAgeHours ?? Math.min(DEFAULT_AGE_HOURS, retentionHours / 2);
  if (hours >= retentionHours)
    throw new Error(
      `The maximumAgeHours of ${node.path}'s router must be less than the ${retentionHours} hours that the stream keeps a record: ${hours}. Lower it, or raise retentionHours.`,
    );
  return Duration.minutes(Math.round(hours * 60));
}

const DEFAULT_AGE_HOURS = 6;

/** Of Kafka, Lambda reads -1 as ten attempts where there is a destination for failures. */
const MOST_ATTEMPTS = 10_000;

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
