import { ROOT } from '../service.ts';
import type { CallService, Caller } from '../service.ts';
import { writeMail } from './mail.ts';
import type { Subscription, Topic } from './store.ts';

/** A message attribute in the SDK's shape. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  /** Base64. */
  readonly BinaryValue?: string | undefined;
}

/** A message being delivered. */
export interface Notification {
  readonly id: string;
  readonly topic: Topic;
  readonly subject: string | undefined;
  /** Returns the text for a protocol's subscribers. With `MessageStructure: json`, protocols can have different texts. */
  textFor(protocol: Subscription['protocol']): string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** Milliseconds since 1970. */
  readonly publishedAt: number;
}

/** The destinations of deliveries. */
export interface Destinations {
  readonly call: CallService;
  readonly mailDir: string;
}

/** The caller for SNS's own calls to a queue or function. */
const snsFor = (source: string): Caller => ({
  accessKeyId: 'sns.amazonaws.com',
  principal: 'sns.amazonaws.com',
  source,
});

/** Domain of the mail for a topic without subscribers. The mail is addressed to the topic, so that a person can find it. */
const TOPIC_DOMAIN = 'topic.localhost';

/**
 * Delivers a message to all subscribers of its topic and resolves when all deliveries have ended. A failed delivery drops
 * the message for that subscriber with a process warning and does not affect the others.
 */
export async function deliver(
  destinations: Destinations,
  notification: Notification,
  subscriptions: readonly Subscription[],
): Promise<void> {
  if (subscriptions.length === 0) {
    await mail(destinations, notification, `${notification.topic.name}@${TOPIC_DOMAIN}`, notification.id);
    return;
  }
  await Promise.all(
    subscriptions.map(async (subscription) => {
      try {
        await deliverTo(destinations, notification, subscription);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        process.emitWarning(`SNS could not deliver ${notification.id} to ${subscription.endpoint}: ${reason}`);
      }
    }),
  );
}

async function deliverTo(
  destinations: Destinations,
  notification: Notification,
  subscription: Subscription,
): Promise<void> {
  const { endpoint, protocol } = subscription;
  switch (protocol) {
    case 'email':
      return mail(destinations, notification, endpoint, `${notification.id}-${subscription.arn.slice(-12)}`);
    case 'sqs':
      return send(destinations, notification, subscription);
    case 'lambda': {
      const record = {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscription.arn,
        Sns: lambdaEnvelope(notification),
      };
      const Payload = Buffer.from(JSON.stringify({ Records: [record] }));
      const input = { FunctionName: endpoint, InvocationType: 'Event', Payload };
      await destinations.call('lambda', 'Invoke', input, snsFor(notification.topic.arn));
    }
  }
}

async function mail({ mailDir }: Destinations, notification: Notification, to: string, id: string): Promise<void> {
  await writeMail(mailDir, {
    id,
    to,
    from: notification.topic.attributes['DisplayName'] ?? notification.topic.name,
    subject: notification.subject ?? 'AWS Notification Message',
    text: notification.textFor('email'),
    sentAt: notification.publishedAt,
  });
}

async function send(
  { call }: Destinations,
  notification: Notification,
  { endpoint, raw }: Subscription,
): Promise<void> {
  const { QueueUrl } = await call(
    'sqs',
    'GetQueueUrl',
    { QueueName: endpoint.slice(endpoint.lastIndexOf(':') + 1) },
    ROOT,
  );
  const text = notification.textFor('sqs');
  const message = raw
    ? { MessageBody: text, MessageAttributes: notification.attributes }
    : { MessageBody: JSON.stringify(envelope(notification, text)) };
  await call('sqs', 'SendMessage', { QueueUrl, ...message }, snsFor(notification.topic.arn));
}

/** AWS's envelope of a message. It is not signed, which its signature states. */
function envelope(notification: Notification, text: string) {
  const attributes = attributesOf(notification);
  return {
    Type: 'Notification',
    MessageId: notification.id,
    TopicArn: notification.topic.arn,
    ...(notification.subject !== undefined && { Subject: notification.subject }),
    Message: text,
    Timestamp: new Date(notification.publishedAt).toISOString(),
    SignatureVersion: '1',
    Signature: 'UNSIGNED',
    SigningCertURL: '',
    UnsubscribeURL: '',
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
  };
}

function lambdaEnvelope(notification: Notification) {
  const { SigningCertURL, UnsubscribeURL, ...rest } = envelope(notification, notification.textFor('lambda'));
  return {
    Subject: null,
    ...rest,
    SigningCertUrl: SigningCertURL,
    UnsubscribeUrl: UnsubscribeURL,
    MessageAttributes: attributesOf(notification),
  };
}

function attributesOf({ attributes }: Notification): Record<string, { Type: string; Value: string | undefined }> {
  const entries = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => {
    return [name, { Type: DataType, Value: StringValue ?? BinaryValue }] as const;
  });
  return Object.fromEntries(entries);
}
