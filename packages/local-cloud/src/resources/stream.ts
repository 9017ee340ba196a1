import { z } from 'zod';
import { cfnNumber, ignored, resourceType } from './resource.ts';

export const stream = resourceType(
  'AWS::Kinesis::Stream',
  z.strictObject({
    Name: z.string().optional(),
    ShardCount: cfnNumber.pipe(z.int().min(1)).optional(),
    RetentionPeriodHours: cfnNumber.pipe(z.int().min(24).max(8760)).default(24),
    StreamModeDetails: z
      .strictObject({ StreamMode: z.enum(['PROVISIONED', 'ON_DEMAND']) })
      .default({ StreamMode: 'PROVISIONED' }),
    MaxRecordSizeInKiB: cfnNumber.pipe(z.int().min(1024).max(10_240)).default(1024),
    /** Nothing is encrypted here. The key is shown, as on AWS. */
    StreamEncryption: z.strictObject({ EncryptionType: z.literal('KMS'), KeyId: z.string() }).optional(),
    /** Metrics are not collected here. */
    DesiredShardLevelMetrics: ignored,
    WarmThroughputMiBps: ignored,
    Tags: ignored,
  }),
  async (given, context) => {
    const name = given.Name ?? context.physicalName(128);
    const { StreamMode } = given.StreamModeDetails;
    const { StreamARN } = await context.call('kinesis', 'ProvisionStream', {
      StreamName: name,
      StreamMode,
      // On AWS the number of shards is only for streams in provisioned mode.
      ShardCount: StreamMode === 'PROVISIONED' ? (given.ShardCount ?? 1) : undefined,
      RetentionPeriodHours: given.RetentionPeriodHours,
      MaxRecordSizeInKiB: given.MaxRecordSizeInKiB,
      KeyId: given.StreamEncryption?.KeyId,
    });
    return { ref: name, attributes: { Arn: String(StreamARN) } };
  },
);
