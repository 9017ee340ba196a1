import { z } from 'zod';
import { AssemblyError } from '../assembly/errors.ts';
import { mappingId, SOURCE_MAPPING } from './mapping-id.ts';
import { countsEvents, metricsConfig } from './mapping-metrics.ts';
import { cfnBoolean, cfnNumber, ignored, resourceType } from './resource.ts';

const group = z.strictObject({ ConsumerGroupId: z.string().optional() });

const properties = z.strictObject({
  /** Of an MSK cluster. */
  EventSourceArn: z.string().optional(),
  SelfManagedEventSource: z
    .strictObject({ Endpoints: z.strictObject({ KafkaBootstrapServers: z.array(z.string()).min(1) }) })
    .optional(),
  FunctionName: z.string(),
  Topics: z.array(z.string()).length(1, 'exactly one topic is supported, as on AWS'),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']),
  BatchSize: cfnNumber.pipe(z.int().min(1).max(10_000)).default(100),
  /** For Kafka the default is half a second. */
  MaximumBatchingWindowInSeconds: cfnNumber.pipe(z.int().min(0).max(300)).default(0.5),
  SelfManagedKafkaEventSourceConfig: group.optional(),
  AmazonManagedKafkaEventSourceConfig: group.optional(),
  DestinationConfig: z
    .strictObject({
      OnFailure: z.strictObject({
        Destination: z.string().regex(/^arn:aws:s3:/, 'only S3 is supported as the destination of a mapping of Kafka'),
      }),
    })
    .optional(),
  Enabled: cfnBoolean.default(true),
  /** The broker of this machine has no TLS and no users. */
  SourceAccessConfigurations: ignored,
  MetricsConfig: metricsConfig,
  Tags: ignored,
});

/** A mapping of Kafka in default mode. It reads the broker of this machine, never the cluster that the template names. */
export const kafkaMapping = resourceType(SOURCE_MAPPING, properties, (given, context) => {
  const { host, where } = context;
  const target = host.functions.find(given.FunctionName);
  const { uuid, arn } = mappingId(context);
  const [topic = ''] = given.Topics;
  if (host.kafkaBootstrap === undefined) {
    throw new AssemblyError(
      where,
      'reads Kafka, and this cloud has no broker. Start one (npm run kafka) and give its address as the option kafkaBootstrap.',
    );
  }
  const config = {
    kind: 'kafka' as const,
    uuid,
    clusterArn: given.EventSourceArn,
    bootstrapServers: [host.kafkaBootstrap],
    topic,
    consumerGroup:
      given.SelfManagedKafkaEventSourceConfig?.ConsumerGroupId ??
      given.AmazonManagedKafkaEventSourceConfig?.ConsumerGroupId ??
      uuid,
    functionName: target.function.config.functionName,
    functionArn: target.arn,
    start: given.StartingPosition,
    onFailureArn: given.DestinationConfig?.OnFailure.Destination,
    batchSize: given.BatchSize,
    batchingWindowMs: given.MaximumBatchingWindowInSeconds * 1000,
    countsEvents: countsEvents(given.MetricsConfig),
  };
  const caller = host.principals.issue(arn, target.function.config.roleArn);
  host.mappings.addKafka(config, given.Enabled, caller);
  return { ref: uuid, attributes: { Id: uuid, EventSourceMappingArn: arn } };
});
