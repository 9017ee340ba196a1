import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';
import { MAX_MESSAGE_BYTES } from '../attributes.ts';
import { attributesDigest, bodyDigest, checkContent, messageBytes } from '../digest.ts';
import { invalidValue } from '../errors.ts';
import type { MessageAttribute } from '../message.ts';
import type { Queue } from '../queue.ts';
import { action } from './action.ts';
import type { SqsContext } from './action.ts';
import { checkBatch, EntryId, runBatch } from './batch.ts';

const Attribute = z.strictObject({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.base64().optional(),
});

const message = {
  MessageBody: z.string(),
  DelaySeconds: z.int().min(0).max(900).optional(),
  MessageAttributes: z.record(z.string(), Attribute).default({}),
  MessageSystemAttributes: z.strictObject({ AWSTraceHeader: Attribute.optional() }).default({}),
  MessageGroupId: z
    .string()
    .regex(/^[!-~]{1,128}$/)
    .optional(),
};

const Entry = z.strictObject({ Id: EntryId, ...message });
type Outgoing = Omit<z.output<typeof Entry>, 'Id'>;

export const sendMessage = action(z.strictObject({ QueueUrl: z.string(), ...message }), (context, input) =>
  send(context, context.store.byUrl(input.QueueUrl), input),
);

const BatchInput = z.strictObject({ QueueUrl: z.string(), Entries: z.array(Entry) });

export const sendMessageBatch = action(BatchInput, (context, { QueueUrl, Entries }) => {
  const queue = context.store.byUrl(QueueUrl);
  checkBatch(Entries);
  const bytes = Entries.reduce((sum, entry) => sum + messageBytes(entry.MessageBody, entry.MessageAttributes), 0);
  if (bytes > MAX_MESSAGE_BYTES) {
    const text = `Batch requests cannot be longer than ${MAX_MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`;
    throw new ServiceError('BatchRequestTooLong', text);
  }
  return runBatch(Entries, (entry) => send(context, queue, entry));
});

function send({ store, caller }: SqsContext, queue: Queue, input: Outgoing): ServiceOutput {
  const attributes: Record<string, MessageAttribute> = input.MessageAttributes;
  checkContent(input.MessageBody, attributes);
  const { maximumMessageSize, delaySeconds } = queue.settings;
  if (messageBytes(input.MessageBody, attributes) > maximumMessageSize) {
    throw invalidValue('MessageBody', `Message must be shorter than ${maximumMessageSize} bytes.`);
  }
  const trace = input.MessageSystemAttributes.AWSTraceHeader;
  const content = {
    body: input.MessageBody,
    attributes,
    traceHeader: trace?.StringValue,
    groupId: input.MessageGroupId,
    senderId: caller.accessKeyId,
  };
  const sent = store.send(queue, content, input.DelaySeconds ?? delaySeconds);
  const digest = attributesDigest(attributes);
  const systemDigest = trace && attributesDigest({ AWSTraceHeader: trace });
  return {
    MessageId: sent.id,
    MD5OfMessageBody: bodyDigest(input.MessageBody),
    ...(digest !== undefined && { MD5OfMessageAttributes: digest }),
    ...(systemDigest !== undefined && { MD5OfMessageSystemAttributes: systemDigest }),
  };
}
