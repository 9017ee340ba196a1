import {
  SendMessageBatchCommand,
  SendMessageCommand,
  type BatchResultErrorEntry,
  type SendMessageCommandInput,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { inChunks } from '#core/concurrency/in-chunks.ts';

type Message = Omit<SendMessageCommandInput, 'QueueUrl'>;

interface Waiting {
  readonly message: Message;
  readonly sent: () => void;
  readonly failed: (error: unknown) => void;
}

/** Messages in one request: the limit of SQS. The messages here are small, far below its limit of bytes. */
const MAX_MESSAGES = 10;

/** A message that SQS rejected while it accepted others of the request. */
export class MessageRejected extends Error {
  constructor({ Code, Message: text }: BatchResultErrorEntry) {
    super(`SQS rejected the message: ${Code ?? 'no code'}${text === undefined ? '' : `, ${text}`}`);
    this.name = 'MessageRejected';
  }
}

/**
 * Sends small messages. Those that are issued together, such as the tasks of a batch, share requests: ten of them cost as
 * much as one. A message that is issued alone is sent alone, and none waits for another.
 */
export function groupedSends(client: SQSClient): (queueUrl: string, message: Message) => Promise<void> {
  const waiting = new Map<string, Waiting[]>();
  const flush = (queueUrl: string): void => {
    const all = waiting.get(queueUrl) ?? [];
    waiting.delete(queueUrl);
    for (const group of inChunks(all, MAX_MESSAGES))
      sendGroup(client, queueUrl, group).catch((error: unknown) => group.forEach(({ failed }) => failed(error)));
  };
  return (queueUrl, message) =>
    new Promise((sent, failed) => {
      const others = waiting.get(queueUrl);
      if (others) return void others.push({ message, sent, failed });
      waiting.set(queueUrl, [{ message, sent, failed }]);
      // After the answers that have arrived by now, which often lead to further messages.
      setImmediate(flush, queueUrl);
    });
}

async function sendGroup(client: SQSClient, QueueUrl: string, group: readonly Waiting[]): Promise<void> {
  const [first] = group;
  if (first !== undefined && group.length === 1) return sendAlone(client, QueueUrl, first);
  const Entries = group.map(({ message }, index) => ({ Id: String(index), ...message }));
  const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const refused = new Map(Failed.map((entry) => [entry.Id, entry]));
  group.forEach(({ sent, failed }, index) => {
    const entry = refused.get(String(index));
    if (entry === undefined) sent();
    else if (entry.SenderFault === true) failed(new MessageRejected(entry));
    // The SDK tries a request again, but not an entry of one.
    else sendAlone(client, QueueUrl, group[index] as Waiting).catch(failed);
  });
}

async function sendAlone(client: SQSClient, QueueUrl: string, { message, sent }: Waiting): Promise<void> {
  await client.send(new SendMessageCommand({ QueueUrl, ...message }));
  sent();
}
