import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { temporaryFolder } from '../../testing/serve.ts';
import { startSqs } from '../../testing/sqs.ts';
import type { Sqs } from '../../testing/sqs.ts';

const ARN = 'arn:aws:sqs:us-east-1:000000000000:tasks';

async function receiveAs(
  sqs: Sqs,
  QueueUrl: string,
  receiver: string,
): Promise<{ Body: string; ReceiptHandle: string }> {
  const answer = await sqs.service.receive({ QueueUrl }, ROOT, new AbortController().signal, receiver);
  const [message] = answer['Messages'] as { Body: string; ReceiptHandle: string }[];
  if (message === undefined) throw new Error('no message was received');
  return message;
}

test("after a restart, releases a dead receiver's messages except those whose visibility was set since", async () => {
  const dataDir = temporaryFolder();
  const before = await startSqs({ dataDir });
  const url = await before.queue('tasks', { VisibilityTimeout: '600' });
  for (const body of ['held', 'set', 'gone', "another's"]) await before.send(url, body);
  await receiveAs(before, url, 'dead');
  const set = await receiveAs(before, url, 'dead');
  const gone = await receiveAs(before, url, 'dead');
  await receiveAs(before, url, 'alive');
  const change = { QueueUrl: url, ReceiptHandle: set.ReceiptHandle, VisibilityTimeout: 15 };
  await before.service.invoke('ChangeMessageVisibility', change, ROOT);
  await before.service.invoke('DeleteMessage', { QueueUrl: url, ReceiptHandle: gone.ReceiptHandle }, ROOT);
  await before.close();

  const after = await startSqs({ dataDir });
  expect(await after.service.releaseHeldBy(ARN, 'dead')).toBe(1);
  expect(after.service.stats(ARN)).toMatchObject({ visible: 1, inFlight: 2 });
  const [held] = await after.receive(url, { MessageSystemAttributeNames: ['All'] });
  expect(held).toMatchObject({ Body: 'held', Attributes: { ApproximateReceiveCount: '2' } });
  expect(await after.service.releaseHeldBy(ARN, 'dead')).toBe(0);
});

test('opens a database of an earlier version', async () => {
  const dataDir = temporaryFolder();
  const before = await startSqs({ dataDir });
  const url = await before.queue('tasks');
  await before.send(url, 'old');
  await before.close();
  const file = new DatabaseSync(join(dataDir, 'sqs.sqlite'));
  file.exec('ALTER TABLE messages DROP COLUMN receiver');
  file.close();

  const after = await startSqs({ dataDir });
  expect(await receiveAs(after, url, 'somebody')).toMatchObject({ Body: 'old' });
});
