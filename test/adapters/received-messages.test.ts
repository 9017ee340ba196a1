import {
  ChangeMessageVisibilityCommand,
  ReceiveMessageCommand,
  type ChangeMessageVisibilityBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { ReceivedMessages } from '#adapters/sqs/received-messages.ts';
import { startSqs } from '@agent-fleet/local-cloud/testing/sqs';
import { manualClock } from '../support/fakes/manual-clock.ts';

const QUEUE = 'http://127.0.0.1/queue';

/** Requests as they were sent: receipts with their seconds. `codes` says which entries fail. */
function recorder(codes: Readonly<Record<string, string>> = {}) {
  const requests: (readonly string[])[] = [];
  const send = async (command: ChangeMessageVisibilityCommand | ChangeMessageVisibilityBatchCommand) => {
    if (command instanceof ChangeMessageVisibilityCommand) {
      requests.push([`${command.input.ReceiptHandle} ${command.input.VisibilityTimeout}`]);
      return {};
    }
    const entries = command.input.Entries ?? [];
    requests.push(entries.map(({ ReceiptHandle, VisibilityTimeout }) => `${ReceiptHandle} ${VisibilityTimeout}`));
    const failed = entries.filter(({ ReceiptHandle = '' }) => codes[ReceiptHandle] !== undefined);
    return { Failed: failed.map(({ Id, ReceiptHandle = '' }) => ({ Id, Code: codes[ReceiptHandle] })) };
  };
  const messages = new ReceivedMessages({ send } as unknown as SQSClient);
  return { requests, messages, of: (receiptHandle: string) => messages.of({ queueUrl: QUEUE, receiptHandle }) };
}

describe('the messages of an invocation that are hidden at once', () => {
  it('share a request, also with those that are hidden soon', async () => {
    const { requests, of } = recorder();
    await Promise.all([of('a').extend(15_000, 1_000), ...['b', 'c'].map((receipt) => of(receipt).extend(30_000))]);
    expect(requests).toEqual([['a 15', 'b 30', 'c 30']]);
  });

  it('wait for nothing', async () => {
    const { requests, of } = recorder();
    await of('a').extend(15_000);
    await of('b').extend(15_000);
    expect(requests).toEqual([['a 15'], ['b 15']]);
  });
});

describe('the messages of an invocation that are hidden soon', () => {
  it('share requests of at most ten', async () => {
    const { requests, of } = recorder();
    const receipts = Array.from({ length: 12 }, (_, index) => `r${index}`);
    await Promise.all(receipts.map((receipt) => of(receipt).extend(14_100, 1)));
    expect(requests.map((request) => request.length)).toEqual([10, 2]);
    expect(requests[0]?.[0]).toBe('r0 15');
  });

  it('fail one by one, and one that is no longer ours does not fail', async () => {
    const { of } = recorder({ b: 'InternalError', c: 'AWS.SimpleQueueService.MessageNotInflight' });
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((receipt) => of(receipt).extend(15_000, 1)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('fail together when the request fails', async () => {
    const messages = new ReceivedMessages({ send: () => Promise.reject(new Error('x')) } as unknown as SQSClient);
    const extend = (receiptHandle: string) => messages.of({ queueUrl: QUEUE, receiptHandle }).extend(15_000, 1);
    const outcomes = await Promise.allSettled([extend('a'), extend('b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('are not hidden for a time from before once another is asked for', async () => {
    const { requests, messages, of } = recorder();
    const soon = of('a').extend(15_000, 1_000);
    await of('a').extend(60_000);
    await soon;
    await messages.close();
    expect(requests).toEqual([['a 60']]);
  });

  it('are let go when the invocation is over', async () => {
    const { requests, messages, of } = recorder();
    const soon = of('a').extend(15_000, 1);
    await messages.close();
    await Promise.all([soon, of('b').extend(15_000, 1)]);
    expect(requests).toEqual([]);
  });

  it('stay hidden for the time that is asked for, on the local SQS', async () => {
    const clock = manualClock();
    const sqs = await startSqs({ now: () => clock.now() });
    const queueUrl = await sqs.queue('tasks', { VisibilityTimeout: '600' });
    for (const body of ['one', 'two']) await sqs.send(queueUrl, body);
    const receive = async () => {
      const command = new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 });
      return (await sqs.client.send(command)).Messages ?? [];
    };
    const messages = new ReceivedMessages(sqs.client);
    const received = await receive();
    await Promise.all(
      received.map(({ ReceiptHandle = '' }) =>
        messages.of({ queueUrl, receiptHandle: ReceiptHandle }).extend(15_000, 1),
      ),
    );
    clock.advance(14_999);
    expect(await receive()).toEqual([]);
    clock.advance(1);
    expect(await receive()).toHaveLength(2);
  });
});
