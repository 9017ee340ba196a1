import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
} from '@aws-sdk/client-s3';
import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { ServiceError } from '../../src/services/service.ts';
import type { CallService } from '../../src/services/service.ts';
import { temporaryFolder } from '../../testing/serve.ts';
import { Calls, startS3 } from '../../testing/s3.ts';
import type { S3 } from '../../testing/s3.ts';

const QueueArn = 'arn:aws:sqs:us-east-1:000000000000:uploads';

const notify = (s3: S3, NotificationConfiguration: NotificationConfiguration) =>
  s3.client.send(new PutBucketNotificationConfigurationCommand({ Bucket: 'docs', NotificationConfiguration }));

const rule = (
  prefix: string,
  suffix: string,
  Events: ('s3:ObjectCreated:*' | 's3:ObjectCreated:Put')[] = ['s3:ObjectCreated:*'],
) => ({
  QueueArn,
  Events,
  Filter: {
    Key: {
      FilterRules: [
        { Name: 'prefix' as const, Value: prefix },
        { Name: 'suffix' as const, Value: suffix },
      ],
    },
  },
});

const bodies = (calls: Calls) =>
  calls.made.map(({ input }) => JSON.parse(String(input['MessageBody'] ?? input['Message'] ?? input['Payload'])));

test("notifies a queue of an upload with a message in S3's format", async () => {
  const calls = new Calls();
  const s3 = await startS3({ call: calls.call, now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678) });
  await s3.bucket('docs');
  await notify(s3, { QueueConfigurations: [{ Id: 'uploads', ...rule('uploads/', '.pdf') }] });
  await s3.put('docs', 'uploads/notes.txt', 'not wanted');
  const etag = await s3.put('docs', 'uploads/my contract+ä.pdf', 'bytes');
  await calls.reached(2);
  expect(calls.made.map(({ service, action }) => `${service} ${action}`)).toEqual([
    'sqs SendMessage',
    'sqs SendMessage',
  ]);
  const [testEvent, event] = bodies(calls);
  expect(testEvent).toMatchObject({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'docs' });
  expect(event).toEqual({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'us-east-1',
        eventTime: '2026-01-02T03:04:05.678Z',
        eventName: 'ObjectCreated:Put',
        userIdentity: { principalId: 'AWS:root' },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { 'x-amz-request-id': expect.any(String), 'x-amz-id-2': expect.any(String) },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'uploads',
          bucket: { name: 'docs', ownerIdentity: { principalId: 'LOCAL' }, arn: 'arn:aws:s3:::docs' },
          object: {
            key: 'uploads/my+contract%2B%C3%A4.pdf',
            size: 5,
            eTag: etag.replaceAll('"', ''),
            sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
          },
        },
      },
    ],
  });
});

test('notifies topics and functions of copies and removals, with increasing sequencers', async () => {
  const calls = new Calls();
  const s3 = await startS3({ call: calls.call });
  await s3.bucket('docs');
  await notify(s3, {
    TopicConfigurations: [{ TopicArn: 'arn:aws:sns:us-east-1:000000000000:t', Events: ['s3:ObjectRemoved:*'] }],
    LambdaFunctionConfigurations: [
      { LambdaFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f', Events: ['s3:ObjectCreated:*'] },
    ],
  });
  await s3.put('docs', 'a', 'x');
  await s3.client.send(new CopyObjectCommand({ Bucket: 'docs', Key: 'b', CopySource: 'docs/a' }));
  await s3.client.send(new DeleteObjectCommand({ Bucket: 'docs', Key: 'a' }));
  await s3.client.send(new DeleteObjectCommand({ Bucket: 'docs', Key: 'never there' }));
  await calls.reached(4);
  const notified = calls.made.slice(1).map(({ service, action }, index) => {
    const record = bodies(calls)[index + 1].Records[0];
    return [service, action, record.eventName, record.s3.object.key];
  });
  expect(notified).toEqual([
    ['lambda', 'Invoke', 'ObjectCreated:Put', 'a'],
    ['lambda', 'Invoke', 'ObjectCreated:Copy', 'b'],
    ['sns', 'Publish', 'ObjectRemoved:Delete', 'a'],
  ]);
  const sequencers = bodies(calls)
    .slice(1)
    .map((body) => String(body.Records[0].s3.object.sequencer));
  expect(sequencers).toEqual([...new Set(sequencers)].toSorted((a, b) => (a < b ? -1 : 1)));
});

test('returns a configuration unchanged, and setting it again sends no test events', async () => {
  const calls = new Calls();
  const s3 = await startS3({ call: calls.call });
  await s3.bucket('docs');
  const QueueConfigurations = [
    { Id: 'a', ...rule('a/', '') },
    { Id: 'b', ...rule('b/', '.pdf') },
  ];
  await notify(s3, { QueueConfigurations });
  await notify(s3, { QueueConfigurations });
  expect(calls.made).toHaveLength(2);
  const got = await s3.client.send(new GetBucketNotificationConfigurationCommand({ Bucket: 'docs' }));
  expect(got.QueueConfigurations).toMatchObject([
    {
      Id: 'a',
      QueueArn,
      Events: ['s3:ObjectCreated:*'],
      Filter: { Key: { FilterRules: [{ Name: 'Prefix', Value: 'a/' }] } },
    },
    { Id: 'b', QueueArn },
  ]);
  await notify(s3, {});
  await s3.put('docs', 'a/x', 'x');
  expect(calls.made).toHaveLength(2);
});

test('rejects overlapping rules, unreachable targets and unknown events', async () => {
  const s3 = await startS3();
  await s3.bucket('docs');
  const overlapping = { QueueConfigurations: [rule('a/', '.pdf', ['s3:ObjectCreated:Put']), rule('a/b', '')] };
  await expect(notify(s3, overlapping)).rejects.toThrow('ambiguously defined');
  await expect(notify(s3, { QueueConfigurations: [rule('', '')] })).rejects.toThrow('Unable to validate');
  await expect(notify(s3, { EventBridgeConfiguration: {} })).rejects.toThrow('EventBridgeConfiguration');
  const Events = ['s3:LifecycleExpiration:Delete' as const];
  await expect(notify(s3, { QueueConfigurations: [{ QueueArn, Events }] })).rejects.toMatchObject({
    name: 'InvalidArgument',
  });
});

test('keeps an event through a restart until its target is available', async () => {
  const dataDir = temporaryFolder();
  let isAway = false;
  const calls = new Calls();
  let rejected: () => void = () => undefined;
  const tried = new Promise<void>((resolve) => (rejected = resolve));
  const call: CallService = (...args) => {
    if (!isAway) return calls.call(...args);
    rejected();
    return Promise.reject(new ServiceError('QueueDoesNotExist', 'not there yet'));
  };
  const before = await startS3({ dataDir, call });
  await before.bucket('docs');
  await notify(before, { QueueConfigurations: [rule('', '')] });
  isAway = true;
  await before.put('docs', 'x', 'x');
  await tried;
  await before.close();
  isAway = false;
  await startS3({ dataDir, call });
  await calls.reached(2);
  expect(bodies(calls)[1].Records[0].s3.object.key).toBe('x');
});
