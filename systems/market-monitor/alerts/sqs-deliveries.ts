import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { sqs } from '#adapters/sqs/client.ts';
import type { DeliveryMessage } from './delivery.ts';
import type { DeliveryQueue } from './ports.ts';

/** Messages that one request takes. */
const BATCH = 10;
const MAX_GROUP = 128;

/** The queue of deliveries. It is a fair queue with a group for each alert's portfolio and recipient, so that one that is slow delays none beside it. */
export function sqsDeliveries({
  queueUrl,
  client = sqs(),
}: {
  readonly queueUrl: string;
  readonly client?: SQSClient;
}): DeliveryQueue {
  return {
    async send(messages) {
      for (let from = 0; from < messages.length; from += BATCH) {
        const Entries = messages.slice(from, from + BATCH).map((message, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify(message),
          MessageGroupId: groupOf(message),
        }));
        const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
        const [first] = Failed;
        if (first !== undefined) {
          throw new Error(`SQS did not take ${Failed.length} deliveries of alerts (${first.Code ?? 'no code'}).`);
        }
      }
    },
  };
}

const groupOf = ({ alert, recipient }: DeliveryMessage): string =>
  encodeURIComponent(`${alert.split('/')[0]}/${recipient}`).slice(0, MAX_GROUP);
