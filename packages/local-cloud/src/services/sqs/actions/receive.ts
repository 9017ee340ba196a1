import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';
import { MAX_VISIBILITY_SECONDS } from '../attributes.ts';
import { attributesDigest, bodyDigest } from '../digest.ts';
import { receiptHandle } from '../message.ts';
import type { Message, MessageAttribute } from '../message.ts';
import { action } from './action.ts';

const ReceiveInput = z.strictObject({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  WaitTimeSeconds: z.int().min(0).max(20).optional(),
  VisibilityTimeout: z.int().min(0).max(MAX_VISIBILITY_SECONDS).optional(),
  MessageAttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
  /** The older name of `MessageSystemAttributeNames`. */
  AttributeNames: z.array(z.string()).default([]),
});

export const receiveMessage = action(ReceiveInput, async ({ store, signal, receiver }, input) => {
  const queue = store.byUrl(input.QueueUrl);
  const systemNames = [...input.MessageSystemAttributeNames, ...input.AttributeNames];
  const unknown = systemNames.find((name) => !SYSTEM_NAMES.has(name));
  if (unknown !== undefined) throw new ServiceError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const request = {
    maxMessages: input.MaxNumberOfMessages,
    waitSeconds: input.WaitTimeSeconds ?? queue.settings.receiveWaitSeconds,
    visibilitySeconds: input.VisibilityTimeout ?? queue.settings.visibilitySeconds,
    receiver,
  };
  const messages = await queue.receive(request, signal);
  if (messages.length === 0) return {};
  return { Messages: messages.map((message) => present(message, input.MessageAttributeNames, systemNames)) };
});

function present(message: Message, names: readonly string[], systemNames: readonly string[]): ServiceOutput {
  const { content } = message;
  const attributes = select(content.attributes, names);
  const digest = attributesDigest(attributes);
  const system = systemAttributes(message, systemNames);
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle(message),
    Body: content.body,
    MD5OfBody: bodyDigest(content.body),
    ...(digest !== undefined && { MessageAttributes: attributes, MD5OfMessageAttributes: digest }),
    ...(Object.keys(system).length > 0 && { Attributes: system }),
  };
}

/** Returns the attributes requested by name or by `prefix.*`, or all of them for `All` or `.*`. */
function select(
  attributes: Message['content']['attributes'],
  names: readonly string[],
): Record<string, MessageAttribute> {
  if (names.length === 0) return {};
  const matches = (name: string): boolean =>
    names.some(
      (requested) =>
        requested === 'All' ||
        requested === name ||
        (requested.endsWith('.*') && name.startsWith(requested.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => matches(name)));
}

const SYSTEM: Readonly<Record<string, (message: Message) => string | undefined>> = {
  SenderId: ({ content }) => content.senderId,
  SentTimestamp: ({ sentAt }) => String(sentAt),
  ApproximateReceiveCount: ({ receiveCount }) => String(receiveCount),
  ApproximateFirstReceiveTimestamp: ({ firstReceivedAt }) => String(firstReceivedAt),
  MessageGroupId: ({ content }) => content.groupId,
  AWSTraceHeader: ({ content }) => content.traceHeader,
  DeadLetterQueueSourceArn: ({ sourceArn }) => sourceArn,
};

/** Includes names that only messages of FIFO queues have. On a standard queue, requesting them is not an error. */
const SYSTEM_NAMES = new Set([...Object.keys(SYSTEM), 'All', 'SequenceNumber', 'MessageDeduplicationId']);

function systemAttributes(message: Message, names: readonly string[]): Record<string, string> {
  const all = names.includes('All');
  const found: Record<string, string> = {};
  for (const [name, read] of Object.entries(SYSTEM)) {
    const value = all || names.includes(name) ? read(message) : undefined;
    if (value !== undefined) found[name] = value;
  }
  return found;
}
