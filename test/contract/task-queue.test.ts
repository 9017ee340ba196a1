import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { sqsPoolQueues } from '#adapters/sqs/pool-queues.ts';
import { sqsReceivedMessage, sqsTaskQueue } from '#adapters/sqs/task-queue.ts';
import type { TaskQueue } from '#core/ports/task-queue.ts';
import type { QueueName } from '#core/tasks/task.ts';
import { startSqs } from '@agent-fleet/local-cloud/testing/sqs';
import { inMemoryTaskQueue } from '../support/fakes/in-memory-task-queue.ts';
import { manualClock } from '../support/fakes/manual-clock.ts';
import { freshId } from './samples.ts';
import { taskQueueContract, VISIBILITY_MS, type QueueUnderTest } from './task-queue.contract.ts';

const agent = 'contract-analyst';

describe('task queue in memory', () => {
  taskQueueContract(async () => {
    const clock = manualClock();
    const queue = inMemoryTaskQueue(clock);
    return {
      queue,
      agent,
      advance: (ms) => clock.advance(ms),
      async receive(priority) {
        const receipt = queue.receive(agent, priority, VISIBILITY_MS);
        return receipt && { body: receipt.body, message: receipt };
      },
    };
  });
});

const prefix = 'fleet-dev';

type Urls = Readonly<Record<QueueName, string>>;

/** The queues of the agent's pool, with the names used for lookup. `make` creates the sender. */
const openSqs =
  (make: (client: SQSClient, urls: Urls) => TaskQueue): (() => Promise<QueueUnderTest>) =>
  async () => {
    const clock = manualClock();
    const sqs = await startSqs({ now: () => clock.now() });
    const { client } = sqs;
    const VisibilityTimeout = String(VISIBILITY_MS / 1_000);
    const urls = {
      high: await sqs.queue(`${prefix}-${agent}-high`, { VisibilityTimeout }),
      default: await sqs.queue(`${prefix}-${agent}-default`, { VisibilityTimeout }),
    };
    return {
      queue: make(client, urls),
      agent,
      advance: (ms) => clock.advance(ms),
      async receive(priority) {
        const queueUrl = urls[priority];
        const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
        const [message] = Messages ?? [];
        if (!message) return null;
        const received = sqsReceivedMessage({ queueUrl, receiptHandle: message.ReceiptHandle ?? '', client });
        return { body: JSON.parse(message.Body ?? ''), message: received };
      },
    };
  };

describe('the queues of every pool in SQS', () => {
  const open = openSqs((client) => sqsPoolQueues({ prefix, client }));
  taskQueueContract(open);

  it('serve the agents whose pools exist', async () => {
    const { queue } = await open();
    expect(await queue.serves(agent)).toBe(true);
    expect(await queue.serves('another')).toBe(false);
  });

  it('are looked up again after they were missing: a pool may be deployed at this moment', async () => {
    const sqs = await startSqs();
    const queue = sqsPoolQueues({ prefix, client: sqs.client });
    expect(await queue.serves('newcomer')).toBe(false);
    for (const name of ['high', 'default']) await sqs.queue(`${prefix}-newcomer-${name}`);
    expect(await queue.serves('newcomer')).toBe(true);
  });

  it('are not looked up if the function has their URLs', async () => {
    const elsewhere = { agent: 'another', urls: { high: 'http://127.0.0.1/1/h', default: 'http://127.0.0.1/1/d' } };
    const { queue } = await openSqs((client) => sqsPoolQueues({ prefix, client, own: elsewhere }))();
    expect(await queue.serves('another')).toBe(true);
    expect(await queue.serves(agent)).toBe(true);
  });
});

describe('a message', () => {
  it('has its tenant as its group, in the characters that SQS takes', async () => {
    const sqs = await startSqs();
    const { client } = sqs;
    const queueUrl = await sqs.queue('tasks');
    const queue = sqsTaskQueue({ agent, urls: { high: queueUrl, default: queueUrl }, client });
    const groups: (string | undefined)[] = [];
    for (const tenant of ['acme corp', 'größe', 'x'.repeat(200)]) {
      await queue.send({ id: freshId(), agent, tenant, priority: 'default' });
      const { Messages } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MessageSystemAttributeNames: ['MessageGroupId'] }),
      );
      groups.push(Messages?.[0]?.Attributes?.MessageGroupId);
    }
    expect(groups).toEqual(['acme%20corp', 'gr%C3%B6%C3%9Fe', 'x'.repeat(128)]);
  });
});

describe('task queue in SQS', () => {
  const open = openSqs((client, urls) => sqsTaskQueue({ agent, urls, client }));
  taskQueueContract(open);

  it('accepts only its own agent', async () => {
    const { queue } = await open();
    const task = { id: freshId(), agent: 'another', tenant: 'acme', priority: 'default' } as const;
    expect([await queue.serves(agent), await queue.serves('another')]).toEqual([true, false]);
    await expect(queue.send(task)).rejects.toThrow('sends to the queues of "contract-analyst"');
  });

  it('ignores a message that was deleted', async () => {
    const sqs = await startSqs();
    const { client } = sqs;
    const queueUrl = await sqs.queue('tasks');
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: '{}' }));
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
    const receiptHandle = Messages?.[0]?.ReceiptHandle ?? '';
    await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle }));
    await expect(sqsReceivedMessage({ queueUrl, receiptHandle, client }).extend(5_000)).resolves.toBeUndefined();
    const lost = sqsReceivedMessage({ queueUrl: `${queueUrl}-2`, receiptHandle, client });
    await expect(lost.extend(5_000)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });
});
