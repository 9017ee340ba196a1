import { z } from 'zod';
import { compilePattern } from '../lambda/event-pattern.ts';
import type { StartingPosition } from '../lambda/mappings/streams/config.ts';
import { AssemblyError } from '../assembly/errors.ts';
import { mappingId, SOURCE_MAPPING } from './mapping-id.ts';
import { countsEvents, metricsConfig } from './mapping-metrics.ts';
import { cfnBoolean, cfnNumber, ignored, resourceType } from './resource.ts';

const filters = z.strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })) });
const onFailure = z.strictObject({
  OnFailure: z.strictObject({
    Destination: z.string().regex(/^arn:aws:(sqs|sns|s3):/, 'only SQS, SNS and S3 are supported as destinations'),
  }),
});

const properties = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: cfnNumber.pipe(z.int().min(1).max(10_000)).default(100),
  MaximumBatchingWindowInSeconds: cfnNumber.pipe(z.int().min(0).max(300)).default(0),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP']),
  /** Seconds since 1970. */
  StartingPositionTimestamp: cfnNumber.optional(),
  ParallelizationFactor: cfnNumber.pipe(z.int().min(1).max(10)).default(1),
  MaximumRetryAttempts: cfnNumber.pipe(z.int().min(-1).max(10_000)).default(-1),
  MaximumRecordAgeInSeconds: cfnNumber
    .pipe(z.int().min(-1).max(604_800))
    .refine((seconds) => seconds === -1 || seconds >= 60, 'must be -1, or 60 to 604800')
    .default(-1),
  BisectBatchOnFunctionError: cfnBoolean.default(false),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  DestinationConfig: onFailure.optional(),
  FilterCriteria: filters.optional(),
  Enabled: cfnBoolean.default(true),
  MetricsConfig: metricsConfig,
  Tags: ignored,
});
type Properties = z.output<typeof properties>;

/** The permissions that Lambda checks when a mapping is created. */
const READS = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListShards'];

export const streamMapping = resourceType(SOURCE_MAPPING, properties, (given, context) => {
  const { host, where } = context;
  const target = host.functions.find(given.FunctionName);
  const { roleArn, functionName } = target.function.config;
  const { uuid, arn } = mappingId(context);
  const caller = host.principals.issue(arn, roleArn);
  for (const action of READS) {
    host.iam.authorize('kinesis', action, { StreamARN: given.EventSourceArn }, caller);
  }
  const config = {
    kind: 'kinesis' as const,
    uuid,
    streamArn: given.EventSourceArn,
    functionName,
    functionArn: target.arn,
    roleArn,
    start: startOf(given, where),
    reportBatchItemFailures: given.FunctionResponseTypes.length > 0,
    onFailureArn: given.DestinationConfig?.OnFailure.Destination,
    countsEvents: countsEvents(given.MetricsConfig),
    patterns: (given.FilterCriteria?.Filters ?? []).map(({ Pattern }) => compilePattern(JSON.parse(Pattern))),
    settings: {
      batchSize: given.BatchSize,
      batchingWindowSeconds: given.MaximumBatchingWindowInSeconds,
      parallelizationFactor: given.ParallelizationFactor,
      maximumRetryAttempts: given.MaximumRetryAttempts,
      maximumRecordAgeSeconds: given.MaximumRecordAgeInSeconds,
      bisectOnError: given.BisectBatchOnFunctionError,
    },
  };
  host.mappings.addStream(config, given.Enabled, caller);
  return { ref: uuid, attributes: { Id: uuid, EventSourceMappingArn: arn } };
});

function startOf(
  { StartingPosition: type, StartingPositionTimestamp: seconds }: Properties,
  where: string,
): StartingPosition {
  if (type !== 'AT_TIMESTAMP') return { type };
  if (seconds === undefined) {
    throw new AssemblyError(where, 'AT_TIMESTAMP requires StartingPositionTimestamp, in seconds since 1970.');
  }
  return { type, time: seconds * 1000 };
}
