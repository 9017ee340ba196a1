import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { CallbackQueue } from '#core/ports/callback-queue.ts';
import { sqs } from './client.ts';

export interface SqsCallbackQueueOptions {
  readonly queueUrl: string;
  /** @default the process's own, from the AWS environment */
  readonly client?: SQSClient;
}

/**
 * The callbacks' queue, a fair one: a tenant is a message group, so that one whose receiver is slow holds up its own
 * callbacks before anybody else's.
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

/** SQS takes 128 letters, digits and punctuation. Tenants that become alike only share their turn. */
const groupOf = (tenant: string): string => encodeURIComponent(tenant).slice(0, 128);
