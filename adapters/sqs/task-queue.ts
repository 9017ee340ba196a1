import { ChangeMessageVisibilityCommand, SQSServiceException, type SQSClient } from '@aws-sdk/client-sqs';
import type { ReceivedMessage, TaskQueue } from '#core/ports/task-queue.ts';
import { queueOf, type QueueName } from '#core/tasks/task.ts';
import { sqs } from './client.ts';
import { groupedSends } from './grouped-sends.ts';
import { taskMessage } from './task-message.ts';

export interface SqsTaskQueueOptions {
  /** The agent whose pool owns the queues. */
  readonly agent: string;
  readonly urls: Readonly<Record<QueueName, string>>;
  /** @default the process's shared client */
  readonly client?: SQSClient;
}

/** The two queues of a pool. A message is `{"type":"task","taskId":"…"}`, with `opensSession` if the task opened its session. */
export function sqsTaskQueue({ agent, urls, client = sqs() }: SqsTaskQueueOptions): TaskQueue {
  const send = groupedSends(client);
  return {
    serves: async (other) => other === agent,
    async send(task, delayMs = 0) {
      if (task.agent !== agent) {
        throw new Error(
          `Task ${task.id} is for agent "${task.agent}", but this function sends to the queues of "${agent}".`,
        );
      }
      await send(urls[queueOf(task.priority)], taskMessage(task, delayMs));
    },
  };
}

export interface SqsReceivedMessageOptions {
  readonly queueUrl: string;
  readonly receiptHandle: string;
  /** @default the process's shared client */
  readonly client?: SQSClient;
}

/**
 * A message that the event source mapping passed to this invocation. A message that is no longer ours (its visibility
 * timeout expired, or it was deleted) cannot be hidden. It need not be, because the lease in the store protects the task.
 */
export function sqsReceivedMessage(options: SqsReceivedMessageOptions): ReceivedMessage {
  const { queueUrl, receiptHandle, client = sqs() } = options;
  return {
    async extend(ms) {
      const change = new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: Math.ceil(ms / 1_000),
      });
      try {
        await client.send(change);
      } catch (error) {
        if (!(error instanceof SQSServiceException && isGone(error))) throw error;
      }
    },
  };
}

/** Whether a message cannot be hidden because it is no longer ours. */
export const isGone = ({ name, message }: { readonly name: string; readonly message: string }): boolean =>
  name.endsWith('MessageNotInflight') || /not available for visibility timeout change/.test(message);
