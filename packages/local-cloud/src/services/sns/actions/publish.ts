import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { asServiceError } from '../../http.ts';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';
import { deliver } from '../deliver.ts';
import type { Subscription } from '../store.ts';
import { action } from './action.ts';
import type { SnsContext } from './action.ts';

/** 256 KiB: the maximum size of a message and of a batch. */
const MAX_BYTES = 262_144;

const Attribute = z.strictObject({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.base64().optional(),
});

const message = {
  Message: z.string().min(1),
  Subject: z
    .string()
    .max(100)
    .regex(/^[^\r\n]*$/, 'it must be one line')
    .optional(),
  MessageStructure: z.literal('json').optional(),
  MessageAttributes: z.record(z.string(), Attribute).default({}),
};

const Entry = z.strictObject({ Id: z.string(), ...message });

const PublishInput = z.strictObject({ TopicArn: z.string(), ...message });

export const publish = action(PublishInput, (context, input) => send(context, input.TopicArn, input));

const BatchInput = z.strictObject({ TopicArn: z.string(), PublishBatchRequestEntries: z.array(Entry).max(10) });

export const publishBatch = action(BatchInput, async (context, { TopicArn, PublishBatchRequestEntries: entries }) => {
  context.store.topic(TopicArn);
  if (entries.length === 0)
    throw new ServiceError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw new ServiceError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  }
  if (entries.reduce((sum, entry) => sum + Buffer.byteLength(entry.Message), 0) > MAX_BYTES) {
    throw new ServiceError(
      'BatchRequestTooLong',
      `The length of all the batch messages put together is more than ${MAX_BYTES} bytes.`,
    );
  }
  const Successful: ServiceOutput[] = [];
  const Failed: ServiceOutput[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...(await send(context, TopicArn, entry)) });
    } catch (thrown) {
      const { code, message, status } = asServiceError(thrown);
      Failed.push({ Id: entry.Id, Code: code, Message: message, SenderFault: status < 500 });
    }
  }
  return { Successful, Failed };
});

type Outgoing = Omit<z.output<typeof PublishInput>, 'TopicArn'>;

async function send(context: SnsContext, topicArn: string, input: Outgoing): Promise<ServiceOutput> {
  const topic = context.store.topic(topicArn);
  if (Buffer.byteLength(input.Message) > MAX_BYTES) {
    throw new ServiceError(
      'InvalidParameter',
      `Invalid parameter: Message too long. It can have at most ${MAX_BYTES} bytes.`,
    );
  }
  const notification = {
    id: randomUUID(),
    topic,
    subject: input.Subject,
    textFor: texts(input),
    attributes: input.MessageAttributes,
    publishedAt: context.now(),
  };
  await deliver(context, notification, context.store.of(topic.arn));
  return { MessageId: notification.id };
}

const Structure = z.looseObject({ default: z.string() }).catchall(z.string());

/** Returns a message's text by protocol. With `MessageStructure: json` the message is a JSON object with a `default`. */
function texts({ Message, MessageStructure }: Outgoing): (protocol: Subscription['protocol']) => string {
  if (MessageStructure === undefined) return () => Message;
  const parsed = Structure.safeParse(parseJson(Message));
  if (!parsed.success) {
    throw new ServiceError(
      'InvalidParameter',
      'Invalid parameter: Message Structure - No default entry in JSON message body',
    );
  }
  return (protocol) => parsed.data[protocol] ?? parsed.data.default;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
