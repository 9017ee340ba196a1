import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { BulkQueue } from '#core/ports/bulk-queue.ts';
import { sqs } from './client.ts';

export interface SqsBulkQueueOptions {
  readonly queueUrl: string;
  /** @default the process's shared client */
  readonly client?: SQSClient;
}

/** The queue of bulk actions. A message is `{"type":"bulk-action","tenant":"…","id":"…"}`. */
export function sqsBulkQueue({ queueUrl, client = sqs() }: SqsBulkQueueOptions): BulkQueue {
  return {
    async send({ tenant, id }) {
      const MessageBody = JSON.stringify({ type: 'bulk-action', tenant, id });
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
    },
  };
}
