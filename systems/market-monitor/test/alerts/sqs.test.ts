import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { startSqs } from '@agent-fleet/local-cloud/testing/sqs';
import { deliveryMessageSchema } from '../../alerts/delivery.ts';
import { sqsDeliveries } from '../../alerts/sqs-deliveries.ts';

describe('the queue of deliveries', () => {
  it('takes any number', async () => {
    const sqs = await startSqs();
    const { client } = sqs;
    const queueUrl = await sqs.queue('deliveries');
    const messages = Array.from({ length: 23 }, (_, index) => ({
      type: 'alert-delivery' as const,
      alert: `tech/cik:${index}/price-move`,
      notification: `n${index}`,
      recipient: 'on-call',
    }));
    await sqsDeliveries({ queueUrl, client }).send(messages);
    const received = [];
    while (received.length < messages.length) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) break;
      received.push(...Messages.map(({ Body = '' }) => deliveryMessageSchema.parse(JSON.parse(Body))));
    }
    expect(received.map(({ notification }) => notification).toSorted()).toEqual(
      messages.map(({ notification }) => notification).toSorted(),
    );
  });
});
