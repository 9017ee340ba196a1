import { z } from 'zod';
import { ignored, resourceType } from './resource.ts';

export const topic = resourceType(
  'AWS::SNS::Topic',
  z.strictObject({
    TopicName: z.string().optional(),
    DisplayName: z.string().optional(),
    Subscription: z.array(z.strictObject({ Endpoint: z.string(), Protocol: z.string() })).default([]),
    KmsMasterKeyId: ignored,
    SignatureVersion: ignored,
    TracingConfig: ignored,
    Tags: ignored,
  }),
  async ({ TopicName, DisplayName, Subscription }, context) => {
    const name = TopicName ?? context.physicalName(256);
    const Attributes = DisplayName === undefined ? {} : { DisplayName };
    const TopicArn = String((await context.call('sns', 'CreateTopic', { Name: name, Attributes }))['TopicArn']);
    for (const { Endpoint, Protocol } of Subscription) {
      await context.call('sns', 'Subscribe', { TopicArn, Protocol, Endpoint });
    }
    return { ref: TopicArn, attributes: { TopicArn, TopicName: name } };
  },
);

const json = z.union([z.string(), z.record(z.string(), z.unknown()).transform((value) => JSON.stringify(value))]);

export const subscription = resourceType(
  'AWS::SNS::Subscription',
  z.strictObject({
    TopicArn: z.string(),
    Protocol: z.string(),
    Endpoint: z.string(),
    FilterPolicy: json.optional(),
    FilterPolicyScope: z.string().optional(),
    RawMessageDelivery: z.coerce.string().optional(),
    RedrivePolicy: json.optional(),
    /** A local cloud has one region. */
    Region: ignored,
  }),
  async ({ TopicArn, Protocol, Endpoint, Region: _region, ...settings }, context) => {
    const Attributes = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
    const { SubscriptionArn } = await context.call('sns', 'Subscribe', { TopicArn, Protocol, Endpoint, Attributes });
    return { ref: String(SubscriptionArn), attributes: { Arn: String(SubscriptionArn) } };
  },
  async (SubscriptionArn, context) => {
    await context.call('sns', 'Unsubscribe', { SubscriptionArn });
  },
);
