import { CreateQueueCommand, ListMessageMoveTasksCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { clock, startSqs } from '../../testing/sqs.ts';
import type { Sqs } from '../../testing/sqs.ts';

const ARN = 'arn:aws:sqs:us-east-1:000000000000:';

async function withDeadLetterQueue(sqs: Sqs): Promise<{ url: string; dlq: string }> {
  const dlq = await sqs.queue('dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: 2 });
  return { url: await sqs.queue('tasks', { VisibilityTimeout: '0', RedrivePolicy }), dlq };
}

test('moves a message received too often to the dead-letter queue, with its first enqueue time and source', async () => {
  const time = clock();
  const sqs = await startSqs({ now: () => time.time });
  const { url, dlq } = await withDeadLetterQueue(sqs);
  const sentAt = time.time;
  const id = await sqs.send(url, 'poison');
  const moved = sqs.service.events.next((event) => event.type === 'dead-lettered');
  for (let receive = 0; receive < 2; receive++) {
    time.advance(1);
    expect(await sqs.receive(url)).toHaveLength(1);
  }
  expect(await sqs.receive(url)).toEqual([]);
  expect(await moved).toMatchObject({ queueName: 'dead', messageId: id });
  const [dead] = await sqs.receive(dlq, { MessageSystemAttributeNames: ['All'] });
  expect(dead).toMatchObject({ MessageId: id, Body: 'poison' });
  expect(dead?.Attributes).toMatchObject({
    SentTimestamp: String(sentAt),
    DeadLetterQueueSourceArn: `${ARN}tasks`,
    ApproximateReceiveCount: '1',
  });
});

test('a move task sends dead letters back to their source queue', async () => {
  const sqs = await startSqs();
  const { url } = await withDeadLetterQueue(sqs);
  const id = await sqs.send(url, 'poison');
  for (let receive = 0; receive < 3; receive++) await sqs.receive(url);
  const back = sqs.service.events.next((event) => event.type === 'sent' && event.queueName === 'tasks');
  await sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn: `${ARN}dead` }));
  await back;
  const [message] = await sqs.receive(url, { MessageSystemAttributeNames: ['All'], WaitTimeSeconds: 5 });
  expect(message?.Body).toBe('poison');
  expect(message?.MessageId).not.toBe(id);
  expect(message?.Attributes?.ApproximateReceiveCount).toBe('1');
  const tasks = await sqs.client.send(new ListMessageMoveTasksCommand({ SourceArn: `${ARN}dead` }));
  expect(tasks.Results).toMatchObject([
    { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1, ApproximateNumberOfMessagesToMove: 1 },
  ]);
});

test('allows one move task per queue, and only for a dead-letter queue', async () => {
  const sqs = await startSqs();
  const { url, dlq } = await withDeadLetterQueue(sqs);
  for (const body of ['a', 'b']) await sqs.send(dlq, body);
  const start = (SourceArn: string) =>
    sqs.client.send(
      new StartMessageMoveTaskCommand({ SourceArn, DestinationArn: `${ARN}tasks`, MaxNumberOfMessagesPerSecond: 1 }),
    );
  await start(`${ARN}dead`);
  await expect(start(`${ARN}dead`)).rejects.toMatchObject({ name: 'UnsupportedOperation' });
  await expect(start(`${ARN}tasks`)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  await expect(start(`${ARN}none`)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect(await sqs.receive(url, { WaitTimeSeconds: 5 })).toHaveLength(1);
});

test('rejects a redrive policy whose target does not exist or does not allow this queue', async () => {
  const sqs = await startSqs();
  const create = (deadLetterTargetArn: string) => {
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 5 });
    return sqs.client.send(new CreateQueueCommand({ QueueName: 'tasks', Attributes: { RedrivePolicy } }));
  };
  await expect(create(`${ARN}dead`)).rejects.toThrow('Dead letter target does not exist');
  await sqs.queue('dead', { RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'denyAll' }) });
  await expect(create(`${ARN}dead`)).rejects.toThrow('RedriveAllowPolicy');
});
