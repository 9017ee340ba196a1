import { z } from 'zod';
import { cfnBoolean, cfnNumber, ignored, resourceType } from './resource.ts';

/** CloudFormation allows an object where the API expects JSON text. */
const json = z.union([z.string(), z.record(z.string(), z.unknown()).transform((value) => JSON.stringify(value))]);

const attributes = z.strictObject({
  ContentBasedDeduplication: cfnBoolean.optional(),
  DeduplicationScope: z.string().optional(),
  DelaySeconds: cfnNumber.optional(),
  FifoQueue: cfnBoolean.optional(),
  FifoThroughputLimit: z.string().optional(),
  KmsDataKeyReusePeriodSeconds: cfnNumber.optional(),
  KmsMasterKeyId: z.string().optional(),
  MaximumMessageSize: cfnNumber.optional(),
  MessageRetentionPeriod: cfnNumber.optional(),
  ReceiveMessageWaitTimeSeconds: cfnNumber.optional(),
  RedriveAllowPolicy: json.optional(),
  RedrivePolicy: json.optional(),
  SqsManagedSseEnabled: cfnBoolean.optional(),
  VisibilityTimeout: cfnNumber.optional(),
});

export const queue = resourceType(
  'AWS::SQS::Queue',
  attributes.extend({ QueueName: z.string().optional(), Tags: ignored }),
  async ({ QueueName, Tags: _tags, ...settings }, context) => {
    const suffix = settings.FifoQueue === true ? '.fifo' : '';
    const name = QueueName ?? `${context.physicalName(80 - suffix.length)}${suffix}`;
    const Attributes = Object.fromEntries(
      Object.entries(settings)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, String(value)]),
    );
    const { QueueUrl } = await context.call('sqs', 'CreateQueue', { QueueName: name, Attributes });
    const url = String(QueueUrl);
    return { ref: url, attributes: { Arn: context.arn('sqs', name), QueueName: name, QueueUrl: url } };
  },
);
