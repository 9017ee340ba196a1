import { ROOT } from '../service.ts';
import type { CallService, Caller } from '../service.ts';
import { writeMail } from './mail.ts';
import type { Subscription, Topic } from './store.ts';

/** A message attribute, as SDKs give it. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  /** Base64. */
  readonly BinaryValue?: string | undefined;
}

/** A message on its way. */
export interface Notification {
  readonly id: string;
  readonly topic: Topic;
  readonly subject: string | undefined;
  /** What a protocol's subscribers get; protocols may differ under `MessageStructure: json`. */
  textFor(protocol: Subscription['protocol']): string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** Milliseconds since 1970. */
  readonly publishedAt: number;
}

/** Where deliveries go. */
export interface Outlets {
  readonly call: CallService;
  readonly mailDir: string;
}

/** Who SNS is when it sends to a queue or a function. */
const snsFor = (source: string): Caller => ({
  accessKeyId: 'sns.amazonaws.com',
  principal: 'sns.amazonaws.com',
  source,
});

/** Where no subscriber is, the mail goes to the topic itself, so that a person finds it. */
const NOBODY = 'topic.localhost';

/**
 * Hands a message to all subscribers of its topic, and resolves when all have it. One that cannot take it loses it, with a
 * warning of the process, and keeps it from nobody else.
 */
export async function deliver(
  outlets: Outlets,
  notification: Notification,
  subscriptions: readonly Subscription[],
): Promise<void> {
  if (subscriptions.length === 0) {
    await mail(outlets, notification, `${notification.topic.name}@${NOBODY}`, notification.id);
    return;
  }
  await Promise.all(
    subscriptions.map(async (subscription) => {
      try {
        await deliverTo(outlets, notification, subscription);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        process.emitWarning(`SNS could not deliver ${notification.id} to ${subscription.endpoint}: ${reason}`);
      }
    }),
  );
}

async function deliverTo(outlets: Outlets, notification: Notification, subscription: Subscription): Promise<void> {
  const { endpoint, protocol } = subscription;
  switch (protocol) {
    case 'email':
      return mail(outlets, notification, endpoint, `${notification.id}-${subscription.arn.slice(-12)}`);
    case 'sqs':
      return send(outlets, notification, subscription);
    case 'lambda': {
      const record = {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscription.arn,
        Sns: lambdaEnvelope(notification),
      };
      const Payload = Buffer.from(JSON.stringify({ Records: [record] }));
      const input = { FunctionName: endpoint, InvocationType: 'Event', Payload };
      await outlets.call('lambda', 'Invoke', input, snsFor(notification.topic.arn));
    }
  }
}

async function mail({ mailDir }: Outlets, notification: Notification, to: string, id: string): Promise<void> {
  await writeMail(mailDir, {
    id,
    to,
    from: notification.topic.attributes['DisplayName'] ?? notification.topic.name,
    subject: notification.subject ?? 'AWS Notification Message',
    text: notification.textFor('email'),
    sentAt: notification.publishedAt,
  });
}

async function send({ call }: Outlets, notification: Notification, { endpoint, raw }: Subscription): Promise<void> {
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

/** What AWS wraps a message in. Nothing is signed here, and the signature says so. */
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
