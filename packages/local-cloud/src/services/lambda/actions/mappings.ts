import { z } from 'zod';
import type { MappingState } from '../../../lambda/mappings/mappings.ts';
import type { KafkaMappingConfig } from '../../../lambda/mappings/kafka/config.ts';
import type { SqsMappingConfig } from '../../../lambda/mappings/sqs-mapping.ts';
import type { StreamMappingConfig, StreamSettings } from '../../../lambda/mappings/streams/config.ts';
import { parseInput } from '../../http.ts';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';
import { INPUT_CODES } from '../context.ts';
import type { LambdaAction } from '../context.ts';

const Named = z.strictObject({ UUID: z.string() });
const Listed = z.strictObject({
  FunctionName: z.string().optional(),
  EventSourceArn: z.string().optional(),
  MaxItems: z.coerce.number().optional(),
});
const Updated = z.strictObject({
  UUID: z.string(),
  FunctionName: z.string().optional(),
  Enabled: z.boolean().optional(),
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.int().min(2).max(1000) }).optional(),
  BatchSize: z.int().min(1).max(10_000).optional(),
  MaximumBatchingWindowInSeconds: z.int().min(0).max(300).optional(),
  ParallelizationFactor: z.int().min(1).max(10).optional(),
  MaximumRetryAttempts: z.int().min(-1).max(10_000).optional(),
  MaximumRecordAgeInSeconds: z
    .int()
    .refine((seconds) => seconds === -1 || (seconds >= 60 && seconds <= 604_800), 'must be -1, or 60 to 604800')
    .optional(),
  BisectBatchOnFunctionError: z.boolean().optional(),
});

export const getEventSourceMapping: LambdaAction = ({ mappings }, input) =>
  describe(mappings.get(parseInput(Named, input, INPUT_CODES).UUID));

export const listEventSourceMappings: LambdaAction = ({ mappings, functions }, input) => {
  const { FunctionName, EventSourceArn } = parseInput(Listed, input, INPUT_CODES);
  const functionName =
    FunctionName === undefined ? undefined : functions.find(FunctionName).function.config.functionName;
  const listed = mappings
    .list()
    .filter(({ config }) => functionName === undefined || config.functionName === functionName)
    .filter(({ config }) => EventSourceArn === undefined || sourceOf(config) === EventSourceArn);
  return { EventSourceMappings: listed.map(describe) };
};

/** Pauses, resumes or changes a mapping. Pausing all mappings stops a fleet's work without losing any of it. */
export const updateEventSourceMapping: LambdaAction = ({ mappings, functions }, input) => {
  const { UUID, FunctionName, Enabled, ScalingConfig, ...given } = parseInput(Updated, input, INPUT_CODES);
  const { config } = mappings.get(UUID);
  if (FunctionName !== undefined && functions.find(FunctionName).arn !== config.functionArn) {
    const message = 'The local cloud cannot move a mapping to another function. Change the template instead.';
    throw new ServiceError('InvalidParameterValueException', message);
  }
  const settings = settingsOf(given);
  const wrong = [
    ...(config.kind === 'kinesis' ? [] : Object.keys(settings ?? {})),
    ...(config.kind === 'sqs' || ScalingConfig === undefined ? [] : ['ScalingConfig']),
  ];
  if (wrong.length > 0) {
    const names = wrong.join(', ');
    const message = `The local cloud cannot change ${names} of a mapping of ${config.kind}. Change the template instead.`;
    throw new ServiceError('InvalidParameterValueException', message);
  }
  const maximumConcurrency = ScalingConfig?.MaximumConcurrency;
  return describe(mappings.update(UUID, { enabled: Enabled, maximumConcurrency, settings }));
};

type Given = Omit<z.output<typeof Updated>, 'UUID' | 'FunctionName' | 'Enabled' | 'ScalingConfig'>;

/** Returns undefined when the input changes none. */
function settingsOf(given: Given): Partial<StreamSettings> | undefined {
  const named = {
    batchSize: given.BatchSize,
    batchingWindowSeconds: given.MaximumBatchingWindowInSeconds,
    parallelizationFactor: given.ParallelizationFactor,
    maximumRetryAttempts: given.MaximumRetryAttempts,
    maximumRecordAgeSeconds: given.MaximumRecordAgeInSeconds,
    bisectOnError: given.BisectBatchOnFunctionError,
  };
  const changed = Object.entries(named).filter(([, value]) => value !== undefined);
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

function describe({ config, enabled, modifiedAt, lastResult }: MappingState): ServiceOutput {
  return {
    UUID: config.uuid,
    FunctionArn: config.functionArn,
    FunctionResponseTypes: config.kind !== 'kafka' && config.reportBatchItemFailures ? ['ReportBatchItemFailures'] : [],
    ...sourceFields(config),
    ...(lastResult !== undefined && { LastProcessingResult: lastResult }),
    State: enabled ? 'Enabled' : 'Disabled',
    LastModified: modifiedAt / 1000,
  };
}

function sourceFields(config: MappingState['config']): ServiceOutput {
  switch (config.kind) {
    case 'sqs':
      return queueFields(config);
    case 'kinesis':
      return streamFields(config);
    case 'kafka':
      return kafkaFields(config);
  }
}

function kafkaFields({
  clusterArn,
  bootstrapServers,
  topic,
  consumerGroup,
  start,
  batchSize,
  batchingWindowMs,
}: KafkaMappingConfig) {
  const group = { ConsumerGroupId: consumerGroup };
  return {
    ...(clusterArn === undefined
      ? {
          SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: bootstrapServers } },
          SelfManagedKafkaEventSourceConfig: group,
        }
      : { EventSourceArn: clusterArn, AmazonManagedKafkaEventSourceConfig: group }),
    Topics: [topic],
    StartingPosition: start,
    BatchSize: batchSize,
    MaximumBatchingWindowInSeconds: batchingWindowMs / 1000,
  };
}

function queueFields({ queueArn, batchSize, batchingWindowSeconds, maximumConcurrency }: SqsMappingConfig) {
  return {
    EventSourceArn: queueArn,
    BatchSize: batchSize,
    MaximumBatchingWindowInSeconds: batchingWindowSeconds,
    ...(maximumConcurrency !== undefined && { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
  };
}

function streamFields({ streamArn, start, settings, onFailureArn }: StreamMappingConfig) {
  return {
    EventSourceArn: streamArn,
    BatchSize: settings.batchSize,
    MaximumBatchingWindowInSeconds: settings.batchingWindowSeconds,
    ParallelizationFactor: settings.parallelizationFactor,
    MaximumRetryAttempts: settings.maximumRetryAttempts,
    MaximumRecordAgeInSeconds: settings.maximumRecordAgeSeconds,
    BisectBatchOnFunctionError: settings.bisectOnError,
    TumblingWindowInSeconds: 0,
    StartingPosition: start.type,
    ...(start.type === 'AT_TIMESTAMP' && { StartingPositionTimestamp: start.time / 1000 }),
    DestinationConfig: onFailureArn === undefined ? {} : { OnFailure: { Destination: onFailureArn } },
  };
}

function sourceOf(config: MappingState['config']): string | undefined {
  if (config.kind === 'kafka') return config.clusterArn;
  return config.kind === 'sqs' ? config.queueArn : config.streamArn;
}
