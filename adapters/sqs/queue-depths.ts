import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { QueueDepths } from '#core/ports/queue-depths.ts';
import { sqs } from './client.ts';

export interface SqsQueueDepthsOptions {
  /** Prefix of the queue names: `<prefix>-<agent>-<priority>`. */
  readonly prefix: string;
  /** @default the process's shared client */
  readonly client?: SQSClient;
}

/** Queue depths as reported by SQS: approximate and eventually consistent. */
export function sqsQueueDepths({ prefix, client = sqs() }: SqsQueueDepthsOptions): QueueDepths {
  const depthOf = async (QueueName: string): Promise<number> => {
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName }));
    const AttributeNames = ['ApproximateNumberOfMessages' as const];
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
    return Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0);
  };
  return {
    async of(agent) {
      const names = ['high', 'default', 'dead-letters'].map((kind) => `${prefix}-${agent}-${kind}`);
      const [high = 0, normal = 0, deadLetters = 0] = await Promise.all(names.map(depthOf));
      return { high, default: normal, deadLetters };
    },
  };
}
