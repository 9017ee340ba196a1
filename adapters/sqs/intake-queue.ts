import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { IntakeQueue } from '#core/ports/intake-queue.ts';
import { sqs } from './client.ts';
import { delaySeconds } from './delay-seconds.ts';

export interface SqsIntakeQueueOptions {
  readonly queueUrl: string;
  /** @default the process's shared client */
  readonly client?: SQSClient;
}

/** The intake queue. In addition to S3's events it carries `{"type":"check","uploadId":"…"}`. */
export function sqsIntakeQueue({ queueUrl, client = sqs() }: SqsIntakeQueueOptions): IntakeQueue {
  return {
    async sendCheck(uploadId, delayMs) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify({ type: 'check', uploadId }),
          DelaySeconds: delaySeconds(delayMs),
        }),
      );
    },
  };
}
