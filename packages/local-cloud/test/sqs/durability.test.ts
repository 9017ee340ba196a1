import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/serve.ts';
import { clock, startSqs } from '../../testing/sqs.ts';

test('keeps every sent message through kill -9', async () => {
  const dataDir = temporaryFolder();
  const victim = fork(fileURLToPath(import.meta.resolve('./victim.ts')), [dataDir]);
  const sent: string[] = [];
  victim.on('message', (id: string) => {
    sent.push(id);
    if (sent.length === 300) victim.kill('SIGKILL');
  });
  await once(victim, 'exit');
  const sqs = await startSqs({ dataDir });
  const url = await sqs.queue('tasks');
  const found = new Set<string | undefined>();
  for (;;) {
    const messages = await sqs.receive(url, { MaxNumberOfMessages: 10 });
    if (messages.length === 0) break;
    for (const message of messages) found.add(message.MessageId);
  }
  expect(sent.length).toBeGreaterThanOrEqual(300);
  expect(sent.filter((id) => !found.has(id))).toEqual([]);
});

test('keeps messages in flight, delayed, deleted and dead-lettered through a restart', async () => {
  const dataDir = temporaryFolder();
  const time = clock();
  const now = () => time.time;
  const before = await startSqs({ dataDir, now });
  const dlq = await before.queue('dead');
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
    maxReceiveCount: 1,
  });
  const url = await before.queue('tasks', { RedrivePolicy });
  const settle = (sqs: typeof before, action: string, ReceiptHandle: string | undefined, more = {}) =>
    sqs.service.invoke(action, { QueueUrl: url, ReceiptHandle, ...more }, { accessKeyId: 'test', principal: 'root' });
  for (const body of ['poison', 'deleted', 'extended']) await before.send(url, body);
  const [poison, deleted, extended] = await before.receive(url, { MaxNumberOfMessages: 3 });
  await settle(before, 'ChangeMessageVisibility', poison?.ReceiptHandle, { VisibilityTimeout: 0 });
  expect(await before.receive(url)).toEqual([]);
  await settle(before, 'DeleteMessage', deleted?.ReceiptHandle);
  await settle(before, 'ChangeMessageVisibility', extended?.ReceiptHandle, { VisibilityTimeout: 100 });
  await before.send(url, 'delayed', { DelaySeconds: 50 });
  await before.close();

  const after = await startSqs({ dataDir, now });
  const stats = after.service.stats('arn:aws:sqs:us-east-1:000000000000:tasks');
  expect(stats).toMatchObject({ visible: 0, inFlight: 1, delayed: 1 });
  time.advance(50);
  expect((await after.receive(url)).map((message) => message.Body)).toEqual(['delayed']);
  await settle(after, 'DeleteMessage', extended?.ReceiptHandle);
  time.advance(100);
  await after.receive(url, { MaxNumberOfMessages: 10 });
  const dead = await after.receive(dlq, { MaxNumberOfMessages: 10 });
  expect(dead.map((message) => message.Body)).toEqual(['poison', 'delayed']);
  expect(dead[0]?.MessageId).toBe(poison?.MessageId);
});
