import { GetQueueUrlCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { TaskQueue } from '../core/ports/task-queue.ts';
import { sqs } from './clients/sqs.ts';
import { taskMessage } from './sqs/task-message.ts';

export interface SqsPoolQueuesOptions {
  /** Begins the queues' names: `<prefix>-<agent>-<priority>`. */
  readonly prefix: string;
  /** @default the process's own, from the AWS environment */
  readonly client?: SQSClient;
}

/** The queues of every pool, found by their names: for who hands tasks to any agent. */
export function sqsPoolQueues({ prefix, client = sqs() }: SqsPoolQueuesOptions): TaskQueue {
  const urls = new Map<string, Promise<string>>();
  const lookUp = async (QueueName: string): Promise<string> => {
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName }));
    if (QueueUrl === undefined) throw new Error(`SQS gave no URL for the queue ${QueueName}.`);
    return QueueUrl;
  };
  const urlOf = async (name: string): Promise<string> => {
    const known = urls.get(name) ?? lookUp(name);
    urls.set(name, known);
    // A look-up that failed is not kept.
    known.catch(() => urls.delete(name));
    return known;
  };
  return {
    serves: () => true,
    async send(task, delayMs = 0) {
      const QueueUrl = await urlOf(`${prefix}-${task.agent}-${task.priority}`);
      await client.send(new SendMessageCommand({ QueueUrl, ...taskMessage(task, delayMs) }));
    },
  };
}
