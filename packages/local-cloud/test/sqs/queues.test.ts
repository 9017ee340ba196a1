import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  QueueDoesNotExist,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { clock, startSqs } from '../../testing/sqs.ts';

test('CreateQueue returns an existing queue with the same attributes and rejects different ones', async () => {
  const sqs = await startSqs();
  const url = await sqs.queue('tasks', { VisibilityTimeout: '60' });
  expect(await sqs.queue('tasks', { VisibilityTimeout: '60' })).toBe(url);
  expect(await sqs.queue('tasks')).toBe(url);
  await expect(sqs.queue('tasks', { VisibilityTimeout: '61' })).rejects.toMatchObject({ name: 'QueueNameExists' });
  const found = await sqs.client.send(new GetQueueUrlCommand({ QueueName: 'tasks' }));
  expect(found.QueueUrl).toBe(url);
});

test('provisioning in-process updates a queue to the given attributes and keeps its messages', async () => {
  const sqs = await startSqs();
  const url = await sqs.queue('tasks', { VisibilityTimeout: '60', DelaySeconds: '0' });
  await sqs.send(url, 'x');
  await sqs.service.invoke(
    'CreateQueue',
    { QueueName: 'tasks', Attributes: { ReceiveMessageWaitTimeSeconds: '1' } },
    ROOT,
  );
  const { Attributes } = await sqs.client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  expect(Attributes).toMatchObject({
    VisibilityTimeout: '30',
    ReceiveMessageWaitTimeSeconds: '1',
    ApproximateNumberOfMessages: '1',
  });
});

test('sets attributes, counts messages and rejects unknown attributes', async () => {
  const sqs = await startSqs();
  const url = await sqs.queue('tasks');
  const set = (Attributes: Record<string, string>) =>
    sqs.client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));
  await set({ MessageRetentionPeriod: '1209600', KmsMasterKeyId: 'alias/key' });
  await sqs.send(url, 'visible');
  await sqs.send(url, 'delayed', { DelaySeconds: 100 });
  await sqs.send(url, 'taken');
  await sqs.receive(url);
  const { Attributes } = await sqs.client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  expect(Attributes).toMatchObject({
    QueueArn: 'arn:aws:sqs:us-east-1:000000000000:tasks',
    MessageRetentionPeriod: '1209600',
    KmsMasterKeyId: 'alias/key',
    ApproximateNumberOfMessages: '1',
    ApproximateNumberOfMessagesDelayed: '1',
    ApproximateNumberOfMessagesNotVisible: '1',
  });
  await expect(set({ VisibilityTimeout: '43201' })).rejects.toThrow('VisibilityTimeout');
  await expect(set({ Colour: 'red' })).rejects.toMatchObject({ name: 'InvalidAttributeName' });
});

test('rejects FIFO queues, unknown parameters and unknown actions', async () => {
  const sqs = await startSqs();
  await expect(sqs.queue('tasks.fifo', { FifoQueue: 'true' })).rejects.toThrow('does not support FIFO queues');
  await expect(sqs.queue('tasks', { FifoQueue: 'true' })).rejects.toMatchObject({ name: 'UnsupportedOperation' });
  const url = await sqs.queue('tasks');
  await expect(sqs.send(url, 'x', { MessageDeduplicationId: 'd' })).rejects.toThrow('MessageDeduplicationId');
  await expect(sqs.service.invoke('AddPermission', {}, ROOT)).rejects.toMatchObject({ code: 'InvalidAction' });
  await expect(sqs.service.invoke('constructor', {}, ROOT)).rejects.toMatchObject({ code: 'InvalidAction' });
});

test('lists queues by prefix in pages', async () => {
  const sqs = await startSqs();
  for (const name of ['b-2', 'a-1', 'b-1', 'b-3']) await sqs.queue(name);
  const first = await sqs.client.send(new ListQueuesCommand({ QueueNamePrefix: 'b-', MaxResults: 2 }));
  const second = await sqs.client.send(
    new ListQueuesCommand({ QueueNamePrefix: 'b-', MaxResults: 2, NextToken: first.NextToken }),
  );
  const names = [...(first.QueueUrls ?? []), ...(second.QueueUrls ?? [])].map((url) => url.split('/').at(-1));
  expect(names).toEqual(['b-1', 'b-2', 'b-3']);
  expect(second.NextToken).toBeUndefined();
});

test('deletes and purges queues', async () => {
  const sqs = await startSqs();
  const url = await sqs.queue('tasks');
  await sqs.send(url, 'x');
  await sqs.client.send(new PurgeQueueCommand({ QueueUrl: url }));
  expect(await sqs.receive(url)).toEqual([]);
  await sqs.client.send(new DeleteQueueCommand({ QueueUrl: url }));
  const failed = await sqs.send(url, 'x').catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(QueueDoesNotExist);
});

test('stores tags', async () => {
  const sqs = await startSqs();
  const { QueueUrl } = await sqs.client.send(new CreateQueueCommand({ QueueName: 'tasks', tags: { env: 'dev' } }));
  await sqs.client.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'fleet' } }));
  const { Tags } = await sqs.client.send(new ListQueueTagsCommand({ QueueUrl }));
  expect(Tags).toEqual({ env: 'dev', team: 'fleet' });
});

test('drops messages after the retention period', async () => {
  const time = clock();
  const sqs = await startSqs({ now: () => time.time });
  const url = await sqs.queue('tasks', { MessageRetentionPeriod: '60' });
  await sqs.send(url, 'old');
  time.advance(30);
  await sqs.send(url, 'young');
  time.advance(31);
  expect((await sqs.receive(url, { MaxNumberOfMessages: 10 })).map((message) => message.Body)).toEqual(['young']);
  expect(sqs.service.stats('arn:aws:sqs:us-east-1:000000000000:tasks')).toMatchObject({ visible: 0, inFlight: 1 });
});

test('rejects a message or batch that is too long, and repeated batch ids', async () => {
  const sqs = await startSqs();
  const url = await sqs.queue('tasks');
  const full = 'x'.repeat(1_048_576);
  await sqs.send(url, full);
  await expect(sqs.send(url, `${full}x`)).rejects.toThrow('Message must be shorter than 1048576 bytes');
  const batch = (bodies: string[], id: (index: number) => string) =>
    sqs.client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: bodies.map((MessageBody, index) => ({ Id: id(index), MessageBody })),
      }),
    );
  await expect(batch([full, 'x'], String)).rejects.toMatchObject({ name: 'BatchRequestTooLong' });
  await expect(batch(['a', 'b'], () => 'same')).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinct' });
  await expect(
    batch(
      Array.from({ length: 11 }, () => 'x'),
      String,
    ),
  ).rejects.toMatchObject({
    name: 'TooManyEntriesInBatchRequest',
  });
  await expect(batch([], String)).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
});
