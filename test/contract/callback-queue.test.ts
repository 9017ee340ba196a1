import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { sqsCallbackQueue } from '#adapters/sqs/callback-queue.ts';
import { callbackMessageSchema } from '#core/callbacks/event.ts';
import { startSqs } from '@agent-fleet/local-cloud/testing/sqs';
import { inMemoryCallbackQueue } from '../support/fakes/in-memory-callback-queue.ts';
import { callbackQueueContract } from './callback-queue.contract.ts';

describe('callback queue in memory', () => {
  callbackQueueContract(async () => {
    const queue = inMemoryCallbackQueue();
    return { queue, received: async () => queue.sent };
  });
});

describe('callback queue in SQS', () => {
  const open = async () => {
    const sqs = await startSqs();
    const { client } = sqs;
    const queueUrl = await sqs.queue('callbacks');
    const messages = async () => {
      const receive = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['MessageGroupId'],
      });
      const { Messages = [] } = await client.send(receive);
      for (const { ReceiptHandle } of Messages) {
        await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
      }
      return Messages;
    };
    return {
      queue: sqsCallbackQueue({ queueUrl, client }),
      messages,
      received: async () => (await messages()).map(({ Body = '' }) => callbackMessageSchema.parse(JSON.parse(Body))),
    };
  };
  callbackQueueContract(open);

  it('each tenant is a message group, so that SQS shares the queue fairly', async () => {
    const { queue, messages } = await open();
    const event = {
      type: 'task.cancelled',
      timestamp: '2026-11-25T00:00:00.000Z',
      data: { taskId: 't', agent: 'a', status: 'cancelled', links: { task: '/tasks/t', steps: '/tasks/t/steps' } },
    };
    const message = { type: 'callback', taskId: 't', tenant: 'acme corp', url: 'https://example.com/', event };
    await queue.send(callbackMessageSchema.parse(message));
    expect((await messages())[0]?.Attributes).toEqual({ MessageGroupId: 'acme%20corp' });
  });
});
