import { DeleteMessageBatchCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { clock, startSqs } from '../../testing/sqs.ts';

test('delivers a message once, with its body, attributes and system attributes', async () => {
  const time = clock();
  const sqs = await startSqs({ now: () => time.time });
  const url = await sqs.queue('tasks');
  const sentAt = time.time;
  await sqs.client.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: 'grüße 🚀',
      MessageAttributes: {
        tenant: { DataType: 'String', StringValue: 'acme' },
        'trace.id': { DataType: 'Number', StringValue: '42' },
        bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
      },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-2-3' } },
      MessageGroupId: 'acme',
    }),
  );
  time.advance(5);
  const [message] = await sqs.receive(url, { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] });
  expect(message?.Body).toBe('grüße 🚀');
  expect(message?.MessageAttributes?.['bytes']?.BinaryValue).toEqual(new Uint8Array([1, 2, 255]));
  expect(message?.MessageAttributes?.['tenant']?.StringValue).toBe('acme');
  expect(message?.Attributes).toEqual({
    SenderId: 'test',
    SentTimestamp: String(sentAt),
    ApproximateReceiveCount: '1',
    ApproximateFirstReceiveTimestamp: String(time.time),
    MessageGroupId: 'acme',
    AWSTraceHeader: 'Root=1-2-3',
  });
  expect(await sqs.receive(url)).toEqual([]);
});

test('returns attributes only when requested by name or prefix', async () => {
  const sqs = await startSqs();
  const url = await sqs.queue('tasks', { VisibilityTimeout: '0' });
  const MessageAttributes = {
    'a.one': { DataType: 'String', StringValue: '1' },
    'b.two': { DataType: 'String', StringValue: '2' },
  };
  await sqs.send(url, 'x', { MessageAttributes });
  const [plain] = await sqs.receive(url);
  expect(plain?.MessageAttributes).toBeUndefined();
  expect(plain?.Attributes).toBeUndefined();
  const [prefixed] = await sqs.receive(url, {
    MessageAttributeNames: ['a.*'],
    MessageSystemAttributeNames: ['ApproximateReceiveCount'],
  });
  expect(Object.keys(prefixed?.MessageAttributes ?? {})).toEqual(['a.one']);
  expect(prefixed?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
});

test('a batch reports each entry and processes the rest when one is rejected', async () => {
  const sqs = await startSqs();
  const url = await sqs.queue('tasks');
  const sent = await sqs.client.send(
    new SendMessageBatchCommand({
      QueueUrl: url,
      Entries: [
        { Id: 'a', MessageBody: 'one' },
        { Id: 'b', MessageBody: 'bad \u0000' },
        { Id: 'c', MessageBody: 'three' },
      ],
    }),
  );
  expect(sent.Successful?.map((entry) => entry.Id)).toEqual(['a', 'c']);
  expect(sent.Failed).toMatchObject([{ Id: 'b', Code: 'InvalidMessageContents', SenderFault: true }]);
  const received = await sqs.receive(url, { MaxNumberOfMessages: 10 });
  expect(received.map((message) => message.Body)).toEqual(['one', 'three']);
  const deleted = await sqs.client.send(
    new DeleteMessageBatchCommand({
      QueueUrl: url,
      Entries: [
        { Id: 'a', ReceiptHandle: received[0]?.ReceiptHandle },
        { Id: 'b', ReceiptHandle: 'nonsense' },
      ],
    }),
  );
  expect(deleted.Successful).toEqual([{ Id: 'a' }]);
  expect(deleted.Failed).toMatchObject([{ Id: 'b', Code: 'ReceiptHandleIsInvalid' }]);
});

test('alternates between groups, so that one tenant’s backlog delays another’s message by one message', async () => {
  const sqs = await startSqs();
  const url = await sqs.queue('tasks');
  for (let n = 0; n < 30; n++) await sqs.send(url, `noisy-${n}`, { MessageGroupId: 'noisy' });
  await sqs.send(url, 'quiet', { MessageGroupId: 'quiet' });
  const received = await sqs.receive(url, { MaxNumberOfMessages: 3 });
  expect(received.map((message) => message.Body)).toContain('quiet');
});

test.each<[string, { DataType: string; StringValue: string }]>([
  ['.dot', { DataType: 'String', StringValue: 'x' }],
  ['a..b', { DataType: 'String', StringValue: 'x' }],
  ['AWS.name', { DataType: 'String', StringValue: 'x' }],
  ['number', { DataType: 'Number', StringValue: 'twelve' }],
  ['text', { DataType: 'String', StringValue: 'a\u0000b' }],
  ['type', { DataType: `String.${'x'.repeat(260)}`, StringValue: 'x' }],
])('rejects the attribute %s that AWS rejects', async (name, attribute) => {
  const sqs = await startSqs();
  const QueueUrl = await sqs.queue('limits');
  const command = new SendMessageCommand({ QueueUrl, MessageBody: 'm', MessageAttributes: { [name]: attribute } });
  await expect(sqs.client.send(command)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});
