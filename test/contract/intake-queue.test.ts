import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe } from 'vitest';
import { z } from 'zod';
import { sqsIntakeQueue } from '#adapters/sqs/intake-queue.ts';
import { startSqs } from '@agent-fleet/local-cloud/testing/sqs';
import { inMemoryIntakeQueue } from '../support/fakes/in-memory-intake-queue.ts';
import { manualClock } from '../support/fakes/manual-clock.ts';
import { intakeQueueContract } from './intake-queue.contract.ts';

const checkSchema = z.strictObject({ type: z.literal('check'), uploadId: z.string() });

describe('intake queue in memory', () => {
  intakeQueueContract(async () => {
    const clock = manualClock();
    const queue = inMemoryIntakeQueue(clock);
    return { queue, due: async () => queue.due(), advance: (ms) => clock.advance(ms) };
  });
});

describe('intake queue in SQS', () => {
  intakeQueueContract(async () => {
    const clock = manualClock();
    const sqs = await startSqs({ now: () => clock.now() });
    const { client } = sqs;
    const queueUrl = await sqs.queue('intake');
    return {
      queue: sqsIntakeQueue({ queueUrl, client }),
      advance: (ms) => clock.advance(ms),
      async due() {
        const receive = new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 });
        const { Messages = [] } = await client.send(receive);
        return Promise.all(
          Messages.map(async ({ Body = '', ReceiptHandle }) => {
            await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
            return checkSchema.parse(JSON.parse(Body)).uploadId;
          }),
        );
      },
    };
  });
});
