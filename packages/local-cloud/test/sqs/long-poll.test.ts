import { expect, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { startSqs } from '../../testing/sqs.ts';

test('a long poll returns the whole batch as soon as messages are sent', async () => {
  const sqs = await startSqs();
  const url = await sqs.queue('tasks');
  const startedAt = performance.now();
  const polled = sqs.service.invoke(
    'ReceiveMessage',
    { QueueUrl: url, WaitTimeSeconds: 20, MaxNumberOfMessages: 10 },
    ROOT,
  );
  const Entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: Id }));
  await sqs.service.invoke('SendMessageBatch', { QueueUrl: url, Entries }, ROOT);
  expect((await polled)['Messages']).toHaveLength(3);
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

test('a long poll returns when a delay or a visibility timeout ends', async () => {
  const sqs = await startSqs();
  const url = await sqs.queue('tasks', { VisibilityTimeout: '1' });
  await sqs.send(url, 'x', { DelaySeconds: 1 });
  const [first] = await sqs.receive(url, { WaitTimeSeconds: 20 });
  const [second] = await sqs.receive(url, { WaitTimeSeconds: 20 });
  expect(second?.MessageId).toBe(first?.MessageId);
});

test('a long poll whose client has disconnected receives no message', async () => {
  const sqs = await startSqs();
  const url = await sqs.queue('tasks');
  const gone = new AbortController();
  const polled = sqs.service.receive({ QueueUrl: url, WaitTimeSeconds: 20 }, ROOT, gone.signal);
  gone.abort();
  expect(await polled).toEqual({});
  await sqs.send(url, 'x');
  expect(await sqs.receive(url)).toHaveLength(1);
});

test('an empty long poll ends after its wait time, or immediately when the service closes', async () => {
  const sqs = await startSqs();
  const url = await sqs.queue('tasks', { ReceiveMessageWaitTimeSeconds: '1' });
  expect(await sqs.receive(url)).toEqual([]);
  const polled = sqs.service.invoke('ReceiveMessage', { QueueUrl: url, WaitTimeSeconds: 20 }, ROOT);
  await sqs.close();
  expect(await polled).toEqual({});
});

test('notifies listeners of each message event', async () => {
  const sqs = await startSqs();
  const url = await sqs.queue('tasks');
  const deleted = sqs.service.events.next((event) => event.type === 'deleted');
  const heard: string[] = [];
  const stop = sqs.service.events.on((event) => heard.push(`${event.type} ${event.body}`));
  await sqs.send(url, 'x');
  const [message] = await sqs.receive(url);
  await sqs.service.invoke('DeleteMessage', { QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }, ROOT);
  stop();
  await sqs.send(url, 'y');
  expect(heard).toEqual(['sent x', 'received x', 'deleted x']);
  expect((await deleted).messageId).toBe(message?.MessageId);
});
