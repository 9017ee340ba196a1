import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { CallbackQueue } from '#core/ports/callback-queue.ts';
import { sqs } from './client.ts';

export interface SqsCallbackQueueOptions {
  readonly queueUrl: string;
  /** @default the process's shared client */
  readonly client?: SQSClient;
}

/**
 * The queue of callbacks. It is a fair queue with one message group per tenant, so that a slow receiver delays its own
 * tenant's callbacks first.
 */
export function sqsCallbackQueue({ queueUrl, client = sqs() }: SqsCallbackQueueOptions): CallbackQueue {
  return {
    async send(callback) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify(callback),
          MessageGroupId: groupOf(callback.tenant),
        }),
      );
    },
  };
}

/** SQS accepts 128 letters, digits and punctuation marks. Tenants that map to the same group only share a group. */
const groupOf = (tenant: string): string => encodeURIComponent(tenant).slice(0, 128);
