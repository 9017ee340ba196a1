import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  NotFoundException,
  PublishBatchCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createSns } from '../../src/services/sns/service.ts';
import { ROOT } from '../../src/services/service.ts';
import type { CallService } from '../../src/services/service.ts';
import { createSqs } from '../../src/services/sqs/service.ts';
import { serve, temporaryFolder } from '../../testing/serve.ts';

const AWS = { account: '000000000000', region: 'us-east-1' };
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:alerts';

async function start(dataDir?: string) {
  const mailDir = join(temporaryFolder(), 'mail');
  const sqs = createSqs({ ...AWS, baseUrl: () => 'http://localhost' });
  const { QueueUrl } = await sqs.invoke('CreateQueue', { QueueName: 'alerts' }, ROOT);
  const invoked: unknown[] = [];
  const call: CallService = (service, action, input, caller) => {
    if (service === 'sqs') return sqs.invoke(action, input, caller);
    invoked.push(JSON.parse(String(input['Payload'])));
    return Promise.resolve({});
  };
  const now = () => Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  const served = await serve(() =>
    createSns({ ...AWS, mailDir, call, now, ...(dataDir !== undefined && { dataDir }) }),
  );
  onTestFinished(async () => {
    await served.close();
    await sqs.close();
  });
  const client = new SNSClient(served.client);
  return {
    client,
    service: served.service,
    invoked,
    topic: async (Name: string, Attributes?: Record<string, string>) =>
      (await client.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn ?? '',
    subscribe: async (TopicArn: string, Protocol: string, Endpoint: string, Attributes?: Record<string, string>) =>
      (await client.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes }))).SubscriptionArn,
    mails: () => readdirSync(mailDir).map((name) => ({ name, text: readFileSync(join(mailDir, name), 'utf8') })),
    received: async () => {
      const answer = await sqs.invoke(
        'ReceiveMessage',
        { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] },
        ROOT,
      );
      return (answer['Messages'] ?? []) as { Body: string; MessageAttributes?: object }[];
    },
  };
}

test('sends one mail to each mail subscriber', async () => {
  const sns = await start();
  const TopicArn = await sns.topic('reports', { DisplayName: 'Fleet' });
  await sns.subscribe(TopicArn, 'email', 'ann@example.com');
  await sns.subscribe(TopicArn, 'email', 'bob@example.com');
  await sns.client.send(
    new PublishCommand({ TopicArn, Subject: 'Run ended', Message: '60 contracts\n6 failed — see the report' }),
  );
  const mails = sns.mails();
  expect(mails.map((mail) => mail.name.split(' ')[1])).toEqual(['ann@example.com', 'bob@example.com']);
  const [head, body] = mails[0]?.text.split('\r\n\r\n') ?? [];
  expect(head?.split('\r\n')).toEqual([
    'From: Fleet <no-reply@sns.amazonaws.com>',
    'To: ann@example.com',
    'Subject: Run ended',
    'Date: Fri, 02 Jan 2026 03:04:05 +0000',
    expect.stringMatching(/^Message-ID: <.+@sns\.amazonaws\.com>$/),
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
  ]);
  expect(body).toBe('60 contracts\r\n6 failed — see the report\r\n');
});

test('writes a mail for a topic without subscribers', async () => {
  const sns = await start();
  const TopicArn = await sns.topic('alarms');
  await sns.client.send(new PublishCommand({ TopicArn, Message: 'dead letters' }));
  expect(sns.mails()).toMatchObject([{ text: expect.stringContaining('To: alarms@topic.localhost\r\n') }]);
});

test('a queue gets the envelope, or only the message with raw delivery', async () => {
  const sns = await start();
  const wrapped = await sns.topic('wrapped');
  const raw = await sns.topic('raw');
  await sns.subscribe(wrapped, 'sqs', QUEUE);
  await sns.subscribe(raw, 'sqs', QUEUE, { RawMessageDelivery: 'true' });
  const MessageAttributes = { tenant: { DataType: 'String', StringValue: 'acme' } };
  const { MessageId } = await sns.client.send(
    new PublishCommand({ TopicArn: wrapped, Subject: 'S', Message: 'a & <b>', MessageAttributes }),
  );
  await sns.client.send(new PublishCommand({ TopicArn: raw, Message: 'bare', MessageAttributes }));
  const [first, second] = await sns.received();
  expect(JSON.parse(first?.Body ?? '')).toMatchObject({
    Type: 'Notification',
    MessageId,
    TopicArn: wrapped,
    Subject: 'S',
    Message: 'a & <b>',
    Timestamp: '2026-01-02T03:04:05.678Z',
    MessageAttributes: { tenant: { Type: 'String', Value: 'acme' } },
  });
  expect(second).toMatchObject({ Body: 'bare', MessageAttributes });
});

test('a function gets an event, and json messages differ by protocol', async () => {
  const sns = await start();
  const TopicArn = await sns.topic('events');
  await sns.subscribe(TopicArn, 'lambda', 'arn:aws:lambda:us-east-1:000000000000:function:f');
  await sns.subscribe(TopicArn, 'email', 'ann@example.com');
  const Message = JSON.stringify({ default: 'for all', email: 'for mail' });
  await sns.client.send(new PublishCommand({ TopicArn, Message, MessageStructure: 'json' }));
  expect(sns.invoked).toMatchObject([
    { Records: [{ EventSource: 'aws:sns', Sns: { Message: 'for all', Subject: null } }] },
  ]);
  expect(sns.mails()[0]?.text).toContain('for mail');
});

test('a batch reports each entry', async () => {
  const sns = await start();
  const TopicArn = await sns.topic('batch');
  await sns.subscribe(TopicArn, 'sqs', QUEUE, { RawMessageDelivery: 'true' });
  const answer = await sns.client.send(
    new PublishBatchCommand({
      TopicArn,
      PublishBatchRequestEntries: [
        { Id: 'a', Message: 'one' },
        { Id: 'b', Message: 'not json', MessageStructure: 'json' },
      ],
    }),
  );
  expect(answer.Successful).toMatchObject([{ Id: 'a', MessageId: expect.any(String) }]);
  expect(answer.Failed).toMatchObject([{ Id: 'b', Code: 'InvalidParameter', SenderFault: true }]);
  expect(await sns.received()).toMatchObject([{ Body: 'one' }]);
});

test('lists topics and subscriptions and keeps them through a restart', async () => {
  const dataDir = temporaryFolder();
  const before = await start(dataDir);
  const TopicArn = await before.topic('reports', { DisplayName: 'Fleet' });
  expect(await before.topic('reports')).toBe(TopicArn);
  const ann = await before.subscribe(TopicArn, 'email', 'ann@example.com');
  expect(await before.subscribe(TopicArn, 'email', 'ann@example.com')).toBe(ann);
  await before.subscribe(TopicArn, 'sqs', QUEUE);
  const sns = await start(dataDir);
  expect((await sns.client.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn }]);
  const attributes = await sns.client.send(new GetTopicAttributesCommand({ TopicArn }));
  expect(attributes.Attributes).toMatchObject({ DisplayName: 'Fleet', SubscriptionsConfirmed: '2' });
  await sns.client.send(new UnsubscribeCommand({ SubscriptionArn: ann }));
  const list = new ListSubscriptionsByTopicCommand({ TopicArn });
  expect((await sns.client.send(list)).Subscriptions).toMatchObject([{ Protocol: 'sqs', Endpoint: QUEUE }]);
  await sns.client.send(new DeleteTopicCommand({ TopicArn }));
  await expect(sns.client.send(list)).rejects.toBeInstanceOf(NotFoundException);
});

test('rejects unknown protocols, parameters and actions', async () => {
  const sns = await start();
  const TopicArn = await sns.topic('t');
  await expect(sns.subscribe(TopicArn, 'sms', '+1')).rejects.toThrow('email, sqs and lambda');
  await expect(sns.subscribe(TopicArn, 'sqs', QUEUE, { FilterPolicy: '{}' })).rejects.toThrow('FilterPolicy');
  await expect(sns.topic('t.fifo', { FifoTopic: 'true' })).rejects.toThrow('FIFO');
  const sms = new PublishCommand({ PhoneNumber: '+1', Message: 'x' });
  await expect(sns.client.send(sms)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(sns.service.invoke('TagResource', {}, ROOT)).rejects.toMatchObject({ code: 'InvalidAction' });
});

test('a failed delivery is warned about and does not affect other subscribers', async () => {
  const sns = await start();
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  onTestFinished(() => warned.mockRestore());
  const TopicArn = await sns.topic('t');
  await sns.subscribe(TopicArn, 'sqs', 'arn:aws:sqs:us-east-1:000000000000:none');
  await sns.subscribe(TopicArn, 'email', 'ann@example.com');
  await sns.client.send(new PublishCommand({ TopicArn, Message: 'x' }));
  expect(sns.mails()).toHaveLength(1);
  expect(warned).toHaveBeenCalledWith(expect.stringContaining('none'));
});
