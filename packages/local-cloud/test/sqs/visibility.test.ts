import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { clock, startSqs } from '../../testing/sqs.ts';

test('delivers an undeleted message again when its visibility timeout ends, and counts its receives', async () => {
  const time = clock();
  const sqs = await startSqs({ now: () => time.time });
  const url = await sqs.queue('tasks', { VisibilityTimeout: '30' });
  await sqs.send(url, 'x');
  const firstAt = time.time;
  const [first] = await sqs.receive(url);
  time.advance(29);
  expect(await sqs.receive(url)).toEqual([]);
  time.advance(1);
  const [second] = await sqs.receive(url, { MessageSystemAttributeNames: ['All'] });
  expect(second?.MessageId).toBe(first?.MessageId);
  expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
  expect(second?.Attributes?.ApproximateReceiveCount).toBe('2');
  expect(second?.Attributes?.ApproximateFirstReceiveTimestamp).toBe(String(firstAt));
});

test('an outdated receipt deletes nothing', async () => {
  const time = clock();
  const sqs = await startSqs({ now: () => time.time });
  const url = await sqs.queue('tasks');
  await sqs.send(url, 'x');
  const [first] = await sqs.receive(url, { VisibilityTimeout: 1 });
  time.advance(2);
  const [second] = await sqs.receive(url, { VisibilityTimeout: 1 });
  await sqs.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
  time.advance(2);
  const [third] = await sqs.receive(url, { VisibilityTimeout: 1 });
  expect(third?.MessageId).toBe(second?.MessageId);
  time.advance(2);
  await sqs.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: third?.ReceiptHandle }));
  expect(await sqs.receive(url)).toEqual([]);
});

test('a visibility of 0 releases the message immediately, and a longer one counts from now', async () => {
  const time = clock();
  const sqs = await startSqs({ now: () => time.time });
  const url = await sqs.queue('tasks');
  await sqs.send(url, 'x');
  const change = (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
    sqs.client.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout }));
  const [first] = await sqs.receive(url);
  await change(first?.ReceiptHandle, 0);
  const [second] = await sqs.receive(url);
  expect(second?.MessageId).toBe(first?.MessageId);
  time.advance(20);
  await change(second?.ReceiptHandle, 15);
  time.advance(14);
  expect(await sqs.receive(url)).toEqual([]);
  time.advance(1);
  await expect(change(second?.ReceiptHandle, 15)).rejects.toMatchObject({ name: 'MessageNotInflight' });
  expect(await sqs.receive(url)).toHaveLength(1);
});

test('rejects an extension beyond twelve hours without affecting the rest of the batch', async () => {
  const time = clock();
  const sqs = await startSqs({ now: () => time.time });
  const url = await sqs.queue('tasks');
  await sqs.send(url, 'a');
  await sqs.send(url, 'b');
  const [a, b] = await sqs.receive(url, { MaxNumberOfMessages: 2, VisibilityTimeout: 43_200 });
  time.advance(10);
  const answer = await sqs.client.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl: url,
      Entries: [
        { Id: 'a', ReceiptHandle: a?.ReceiptHandle, VisibilityTimeout: 43_200 },
        { Id: 'b', ReceiptHandle: b?.ReceiptHandle, VisibilityTimeout: 60 },
      ],
    }),
  );
  expect(answer.Successful).toEqual([{ Id: 'b' }]);
  expect(answer.Failed).toMatchObject([{ Id: 'a', Code: 'InvalidParameterValue' }]);
});

test("a message's own delay overrides the queue's delay", async () => {
  const time = clock();
  const sqs = await startSqs({ now: () => time.time });
  const url = await sqs.queue('tasks', { DelaySeconds: '60' });
  await sqs.send(url, 'queue delay');
  await sqs.send(url, 'own delay', { DelaySeconds: 5 });
  expect(await sqs.receive(url)).toEqual([]);
  time.advance(5);
  expect((await sqs.receive(url)).map((message) => message.Body)).toEqual(['own delay']);
  time.advance(55);
  expect((await sqs.receive(url, { MaxNumberOfMessages: 10 })).map((message) => message.Body)).toContain('queue delay');
});

test('rejects a short poll above the in-flight limit and returns an empty long poll', async () => {
  const sqs = await startSqs({ inFlightLimit: 2 });
  const url = await sqs.queue('tasks');
  for (const body of ['a', 'b', 'c']) await sqs.send(url, body);
  expect(await sqs.receive(url, { MaxNumberOfMessages: 10 })).toHaveLength(2);
  await expect(sqs.receive(url)).rejects.toMatchObject({ name: 'OverLimit' });
  expect(await sqs.receive(url, { WaitTimeSeconds: 1 })).toEqual([]);
});
