import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';
import type { Subscription } from '../store.ts';
import { action } from './action.ts';

const ENDPOINTS = {
  email: /^[^\s@]+@[^\s@]+$/,
  sqs: /^arn:aws:sqs:[\w-]+:\d+:[\w-]+$/,
  lambda: /^arn:aws:lambda:[\w-]+:\d+:function:[\w:$-]+$/,
} as const;

const SubscribeInput = z.strictObject({
  TopicArn: z.string(),
  Protocol: z.enum(['email', 'sqs', 'lambda'], 'the local cloud supports email, sqs and lambda'),
  Endpoint: z.string(),
  Attributes: z
    .strictObject({ RawMessageDelivery: z.enum(['true', 'false']) })
    .partial()
    .default({}),
  ReturnSubscriptionArn: z.stringbool().or(z.boolean()).optional(),
});

/** Subscribes immediately. Mail addresses are not asked for a confirmation. */
export const subscribe = action(SubscribeInput, ({ store }, input) => {
  const topic = store.topic(input.TopicArn);
  if (!ENDPOINTS[input.Protocol].test(input.Endpoint)) {
    throw new ServiceError(
      'InvalidParameter',
      `Endpoint ${input.Endpoint} is not valid for the protocol ${input.Protocol}.`,
    );
  }
  const raw = input.Attributes.RawMessageDelivery === 'true';
  if (raw && input.Protocol !== 'sqs') {
    throw new ServiceError(
      'InvalidParameter',
      `RawMessageDelivery is supported for sqs only, not for ${input.Protocol}.`,
    );
  }
  const { arn } = store.subscribe({ topicArn: topic.arn, protocol: input.Protocol, endpoint: input.Endpoint, raw });
  return { SubscriptionArn: arn };
});

export const unsubscribe = action(z.strictObject({ SubscriptionArn: z.string() }), ({ store }, { SubscriptionArn }) => {
  store.unsubscribe(SubscriptionArn);
  return {};
});

/** Subscriptions per page. */
const PAGE = 100;

const ListInput = z.strictObject({ NextToken: z.string().optional() });

export const listSubscriptions = action(ListInput, ({ store }, { NextToken }) => list(store.subscriptions, NextToken));

const ListOfTopicInput = z.strictObject({ TopicArn: z.string(), NextToken: z.string().optional() });

export const listSubscriptionsByTopic = action(ListOfTopicInput, ({ store }, { TopicArn, NextToken }) =>
  list(store.of(store.topic(TopicArn).arn), NextToken),
);

function list(subscriptions: readonly Subscription[], token: string | undefined): ServiceOutput {
  const from = Number(token ?? 0);
  const Subscriptions = subscriptions.slice(from, from + PAGE).map(({ arn, topicArn, protocol, endpoint }) => ({
    SubscriptionArn: arn,
    TopicArn: topicArn,
    Protocol: protocol,
    Endpoint: endpoint,
    Owner: topicArn.split(':')[4],
  }));
  return { Subscriptions, ...(subscriptions.length > from + PAGE && { NextToken: String(from + PAGE) }) };
}
