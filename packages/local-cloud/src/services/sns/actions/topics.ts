import { z } from 'zod';
import { action } from './action.ts';

/** Attributes that are kept and returned; but for `DisplayName`, which mails carry, they have no effect here. */
const TopicAttributes = z
  .strictObject({
    DisplayName: z.string().max(100),
    KmsMasterKeyId: z.string(),
    Policy: z.string(),
    SignatureVersion: z.enum(['1', '2']),
    TracingConfig: z.enum(['PassThrough', 'Active']),
    FifoTopic: z.literal('false', 'the local cloud has no FIFO topics'),
  })
  .partial();

const CreateInput = z.strictObject({
  Name: z
    .string()
    .regex(/^[\w-]{1,256}$/, 'it has 1 to 256 letters, digits, hyphens and underscores; there are no FIFO topics here'),
  Attributes: TopicAttributes.default({}),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).default([]),
});

/** Creates a topic, or finds the one that exists, whose attributes are then these. */
export const createTopic = action(CreateInput, ({ store }, { Name, Attributes }) => {
  const given = Object.entries(Attributes).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { TopicArn: store.put(Name, Object.fromEntries(given)).arn };
});

const OneTopic = z.strictObject({ TopicArn: z.string() });

/** Deleting a topic that does not exist is no error. */
export const deleteTopic = action(OneTopic, ({ store }, { TopicArn }) => {
  store.remove(TopicArn);
  return {};
});

export const getTopicAttributes = action(OneTopic, ({ store }, { TopicArn }) => {
  const { arn, attributes } = store.topic(TopicArn);
  const SubscriptionsConfirmed = String(store.of(arn).length);
  return { Attributes: { ...attributes, TopicArn: arn, SubscriptionsConfirmed } };
});

/** Topics a page. */
const PAGE = 100;

export const listTopics = action(z.strictObject({ NextToken: z.string().optional() }), ({ store }, { NextToken }) => {
  const from = Number(NextToken ?? 0);
  const page = store.topics.slice(from, from + PAGE).map(({ arn }) => ({ TopicArn: arn }));
  return { Topics: page, ...(store.topics.length > from + PAGE && { NextToken: String(from + PAGE) }) };
});
