import { z } from 'zod';
import { action } from './action.ts';

/** Attributes that are stored and returned. Only `DisplayName`, the sender's name in mails, has an effect. */
const TopicAttributes = z
  .strictObject({
    DisplayName: z.string().max(100),
    KmsMasterKeyId: z.string(),
    Policy: z.string(),
    SignatureVersion: z.enum(['1', '2']),
    TracingConfig: z.enum(['PassThrough', 'Active']),
    FifoTopic: z.literal('false', 'the local cloud does not support FIFO topics'),
  })
  .partial();

const CreateInput = z.strictObject({
  Name: z
    .string()
    .regex(
      /^[\w-]{1,256}$/,
      'it must have 1 to 256 letters, digits, hyphens and underscores; FIFO topics are not supported',
    ),
  Attributes: TopicAttributes.default({}),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).default([]),
});

/** Creates a topic, or returns the existing one with these attributes added. */
export const createTopic = action(CreateInput, ({ store }, { Name, Attributes }) => {
  const given = Object.entries(Attributes).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { TopicArn: store.put(Name, Object.fromEntries(given)).arn };
});

const OneTopic = z.strictObject({ TopicArn: z.string() });

/** Deletes a topic. Deleting a topic that does not exist is not an error. */
export const deleteTopic = action(OneTopic, ({ store }, { TopicArn }) => {
  store.remove(TopicArn);
  return {};
});

export const getTopicAttributes = action(OneTopic, ({ store }, { TopicArn }) => {
  const { arn, attributes } = store.topic(TopicArn);
  const SubscriptionsConfirmed = String(store.of(arn).length);
  return { Attributes: { ...attributes, TopicArn: arn, SubscriptionsConfirmed } };
});

/** Topics per page. */
const PAGE = 100;

export const listTopics = action(z.strictObject({ NextToken: z.string().optional() }), ({ store }, { NextToken }) => {
  const from = Number(NextToken ?? 0);
  const page = store.topics.slice(from, from + PAGE).map(({ arn }) => ({ TopicArn: arn }));
  return { Topics: page, ...(store.topics.length > from + PAGE && { NextToken: String(from + PAGE) }) };
});
