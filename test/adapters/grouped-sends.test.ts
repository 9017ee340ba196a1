import { SendMessageCommand, type SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { groupedSends } from '#adapters/sqs/grouped-sends.ts';

/** Requests as they were sent, and what is refused. */
function recorder(refuses: (body: string) => boolean = () => false, SenderFault = true) {
  const requests: (readonly string[])[] = [];
  const send = async (command: SendMessageCommand | SendMessageBatchCommand) => {
    if (command instanceof SendMessageCommand) {
      requests.push([command.input.MessageBody ?? '']);
      return {};
    }
    const entries = command.input.Entries ?? [];
    requests.push(entries.map(({ MessageBody = '' }) => MessageBody));
    const Failed = entries
      .filter(({ MessageBody = '' }) => refuses(MessageBody))
      .map(({ Id = '' }) => ({ Id, Code: 'InternalError', SenderFault }));
    return { Failed };
  };
  return { requests, send: groupedSends({ send } as unknown as SQSClient) };
}

const QUEUE = 'http://127.0.0.1/queue';

describe('messages that are issued together', () => {
  it('share requests of at most ten, by queue', async () => {
    const { requests, send } = recorder();
    const bodies = Array.from({ length: 23 }, (_, index) => String(index));
    await Promise.all([
      ...bodies.map((MessageBody) => send(QUEUE, { MessageBody })),
      send(`${QUEUE}-2`, { MessageBody: 'other' }),
    ]);
    expect(requests).toEqual([bodies.slice(0, 10), bodies.slice(10, 20), bodies.slice(20), ['other']]);
  });

  it('fail one by one: who sent the refused one learns of it, and nobody else', async () => {
    const { send } = recorder((body) => body === 'b');
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((MessageBody) => send(QUEUE, { MessageBody })));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({
      reason: { name: 'MessageRejected', message: expect.stringContaining('Internal') },
    });
  });

  it('are sent again, each alone, where SQS is at fault', async () => {
    const { requests, send } = recorder((body) => body === 'b', false);
    await Promise.all(['a', 'b', 'c'].map((MessageBody) => send(QUEUE, { MessageBody })));
    expect(requests).toEqual([['a', 'b', 'c'], ['b']]);
  });

  it('fail together when the request fails', async () => {
    const client = { send: () => Promise.reject(new Error('no network')) } as unknown as SQSClient;
    const send = groupedSends(client);
    const outcomes = await Promise.allSettled(['a', 'b'].map((MessageBody) => send(QUEUE, { MessageBody })));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

it('a message that is issued alone is sent alone, and one that follows starts another request', async () => {
  const { requests, send } = recorder();
  await send(QUEUE, { MessageBody: 'a' });
  await send(QUEUE, { MessageBody: 'b' });
  expect(requests).toEqual([['a'], ['b']]);
});
