import { z } from 'zod';
import type { Provisioned } from '../assembly/stack.ts';
import { AssemblyError } from '../assembly/errors.ts';
import { compilePattern } from '../lambda/event-pattern.ts';
import { provisionedScaling, standardScaling } from '../lambda/mappings/scaling.ts';
import { kafkaMapping } from './kafka-mapping.ts';
import { mappingId, SOURCE_MAPPING } from './mapping-id.ts';
import { cfnBoolean, cfnNumber, ignored, resourceType } from './resource.ts';
import type { ResourceContext, ResourceType } from './resource.ts';
import { streamMapping } from './stream-mapping.ts';

const queueProperties = z.strictObject({
  EventSourceArn: z
    .string()
    .regex(/^arn:aws:sqs:/, 'only SQS queues, Kinesis streams and Kafka are supported as event sources'),
  FunctionName: z.string(),
  BatchSize: cfnNumber.pipe(z.int().min(1).max(10_000)).default(10),
  MaximumBatchingWindowInSeconds: cfnNumber.pipe(z.int().min(0).max(300)).default(0),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  ScalingConfig: z.strictObject({ MaximumConcurrency: cfnNumber.pipe(z.int().min(2).max(1000)) }).optional(),
  ProvisionedPollerConfig: z
    .strictObject({ MinimumPollers: cfnNumber.optional(), MaximumPollers: cfnNumber.optional() })
    .optional(),
  FilterCriteria: z.strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })) }).optional(),
  Enabled: cfnBoolean.default(true),
  /** Metrics are not collected here. */
  MetricsConfig: z.unknown().optional(),
  Tags: ignored,
});

type Properties = z.output<typeof queueProperties>;

async function addQueueMapping(given: Properties, context: ResourceContext): Promise<Provisioned> {
  const { host, where } = context;
  if (given.BatchSize > 10 && given.MaximumBatchingWindowInSeconds < 1) {
    throw new AssemblyError(where, 'a batch size above 10 requires a batching window of at least 1 second.');
  }
  if (given.ScalingConfig !== undefined && given.ProvisionedPollerConfig !== undefined) {
    throw new AssemblyError(where, 'ScalingConfig and ProvisionedPollerConfig cannot be used together.');
  }
  const target = host.functions.find(given.FunctionName);
  const maximumConcurrency = given.ScalingConfig?.MaximumConcurrency;
  const pollers = given.ProvisionedPollerConfig;
  const { uuid, arn } = mappingId(context);
  const config = {
    kind: 'sqs' as const,
    uuid,
    queueArn: given.EventSourceArn,
    functionName: target.function.config.functionName,
    functionArn: target.arn,
    batchSize: given.BatchSize,
    batchingWindowSeconds: given.MaximumBatchingWindowInSeconds,
    reportBatchItemFailures: given.FunctionResponseTypes.length > 0,
    maximumConcurrency,
    scaling:
      pollers === undefined
        ? standardScaling(maximumConcurrency)
        : provisionedScaling(pollers.MinimumPollers, pollers.MaximumPollers),
    patterns: (given.FilterCriteria?.Filters ?? []).map(({ Pattern }) => compilePattern(JSON.parse(Pattern))),
  };
  const caller = host.principals.issue(arn, target.function.config.roleArn);
  // Lambda checks all three permissions when a mapping is created.
  const QueueUrl = host.queueUrl(given.EventSourceArn);
  for (const action of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']) {
    host.iam.authorize('sqs', action, { QueueUrl }, caller);
  }
  await host.mappings.add(config, given.Enabled, caller);
  return { ref: uuid, attributes: { Id: uuid, EventSourceMappingArn: arn } };
}

const queueMapping = resourceType(SOURCE_MAPPING, queueProperties, addQueueMapping);

/** A mapping's source decides which properties it has. */
export const eventSourceMapping: ResourceType = {
  type: SOURCE_MAPPING,
  provision: (given, context) => {
    const source = z.object({ EventSourceArn: z.string() }).safeParse(given).data?.EventSourceArn ?? '';
    const type = typeOf(source, given);
    return type.provision(given, context);
  },
};

function typeOf(source: string, given: unknown): ResourceType {
  if (source.startsWith('arn:aws:kinesis:')) return streamMapping;
  const selfManaged = typeof given === 'object' && given !== null && 'SelfManagedEventSource' in given;
  return selfManaged || source.startsWith('arn:aws:kafka:') ? kafkaMapping : queueMapping;
}
