import { z } from 'zod';
import { ROOT, ServiceError } from '../services/service.ts';
import { cfnBoolean, ignored, resourceType } from './resource.ts';
import type { ResourceContext } from './resource.ts';

const filter = z
  .strictObject({ S3Key: z.strictObject({ Rules: z.array(z.strictObject({ Name: z.string(), Value: z.string() })) }) })
  .transform(({ S3Key }) => ({ Key: { FilterRules: S3Key.Rules } }))
  .optional();

/** CloudFormation has one event per configuration. The API has a list. */
const notifications = z
  .strictObject({
    QueueConfigurations: z.array(z.strictObject({ Event: z.string(), Queue: z.string(), Filter: filter })).default([]),
    TopicConfigurations: z.array(z.strictObject({ Event: z.string(), Topic: z.string(), Filter: filter })).default([]),
    LambdaConfigurations: z
      .array(z.strictObject({ Event: z.string(), Function: z.string(), Filter: filter }))
      .default([]),
  })
  .transform(({ QueueConfigurations, TopicConfigurations, LambdaConfigurations }) => ({
    QueueConfigurations: QueueConfigurations.map(({ Event, Queue, Filter }) =>
      entry(Event, { QueueArn: Queue }, Filter),
    ),
    TopicConfigurations: TopicConfigurations.map(({ Event, Topic, Filter }) =>
      entry(Event, { TopicArn: Topic }, Filter),
    ),
    LambdaFunctionConfigurations: LambdaConfigurations.map(({ Event, Function: name, Filter }) =>
      entry(Event, { LambdaFunctionArn: name }, Filter),
    ),
  }));

function entry(event: string, target: object, Filter: z.output<typeof filter>): object {
  return { ...target, Events: [event], ...(Filter !== undefined && { Filter }) };
}

export const bucket = resourceType(
  'AWS::S3::Bucket',
  z.strictObject({
    BucketName: z.string().optional(),
    NotificationConfiguration: notifications.optional(),
    VersioningConfiguration: z.strictObject({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
    /** These properties have no effect on this machine's disk. Nothing expires. */
    BucketEncryption: ignored,
    LifecycleConfiguration: ignored,
    LoggingConfiguration: ignored,
    ObjectLockConfiguration: ignored,
    ObjectLockEnabled: cfnBoolean.optional(),
    OwnershipControls: ignored,
    PublicAccessBlockConfiguration: ignored,
    /** No web page of another origin reads from here. */
    CorsConfiguration: ignored,
    IntelligentTieringConfigurations: ignored,
    Tags: ignored,
  }),
  async (given, context) => {
    const name = given.BucketName ?? generatedName(context);
    await createBucket(name, context);
    if (given.VersioningConfiguration?.Status === 'Enabled') {
      const VersioningConfiguration = { Status: 'Enabled' };
      await context.call('s3', 'PutBucketVersioning', { Bucket: name, VersioningConfiguration });
    }
    if (given.NotificationConfiguration !== undefined) {
      const NotificationConfiguration = given.NotificationConfiguration;
      await context.call('s3', 'PutBucketNotificationConfiguration', { Bucket: name, NotificationConfiguration });
    }
    const attributes = {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${context.host.region}.amazonaws.com`,
    };
    return { ref: name, attributes };
  },
);

/** The names of buckets are unique over all regions. A fleet of several has the same stacks in each. */
function generatedName(context: ResourceContext): string {
  const { regions, region } = context.host;
  const suffix = regions === undefined ? '' : `-${region}`;
  return `${context.physicalName(63 - suffix.length)}${suffix}`.toLowerCase();
}

async function createBucket(name: string, context: ResourceContext): Promise<void> {
  try {
    await context.host.call('s3', 'CreateBucket', { Bucket: name }, ROOT);
  } catch (error) {
    if (!(error instanceof ServiceError) || !error.code.startsWith('BucketAlready')) throw error;
  }
}

/** CDK's custom resource that sets the notifications of a bucket. Makes the same API call without CDK's Python function. */
export const bucketNotifications = resourceType(
  'Custom::S3BucketNotifications',
  z.strictObject({
    ServiceToken: z.string(),
    BucketName: z.string(),
    /** As in `PutBucketNotificationConfiguration`. */
    NotificationConfiguration: z.record(z.string(), z.unknown()),
    /** Here the template is always the only source of notifications of the bucket. */
    Managed: ignored,
    SkipDestinationValidation: ignored,
  }),
  async ({ BucketName, NotificationConfiguration }, context) => {
    await context.call('s3', 'PutBucketNotificationConfiguration', { Bucket: BucketName, NotificationConfiguration });
    return { ref: context.physicalName(100), attributes: {} };
  },
);
