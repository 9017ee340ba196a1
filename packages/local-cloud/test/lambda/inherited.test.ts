import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { functionResource, pollGrant, startFixture } from '../../testing/cloud.ts';
import type { Fixture, FixtureCloud } from '../../testing/cloud.ts';

/** A queue with a visibility timeout of ten minutes, and a function with the given code that processes it. */
function fixture(code: string): Fixture {
  const queue = { 'Fn::GetAtt': ['Work', 'Arn'] };
  return {
    code: { worker: code },
    grants: [pollGrant('Work')],
    resources: {
      Work: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 600 } },
      Worker: functionResource('worker', { Timeout: 60 }),
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: queue, FunctionName: { Ref: 'Worker' }, BatchSize: 1 },
      },
    },
    outputs: { Url: { Value: { Ref: 'Work' } } },
  };
}

const hang = `export const handler = async ({ Records: [{ body }] }) => { console.log('has ' + body); await new Promise(() => {}); };`;
const say = `export const handler = async ({ Records: [{ body }] }) => console.log('again ' + body);`;

const root = mkdtempSync(join(tmpdir(), 'fleet-inherited-'));
afterAll(() => rmSync(root, { recursive: true }));

const urlOf = (cloud: FixtureCloud): string => cloud.outputs['Fixture']?.['Url'] ?? '';
const has = (cloud: FixtureCloud, text: string) =>
  cloud.event('lambda.log', ({ line }) => line.includes(text)).then(() => undefined);

async function receive(cloud: FixtureCloud): Promise<{ Body: string; ReceiptHandle: string }> {
  const answer = await cloud.call('sqs', 'ReceiveMessage', { QueueUrl: urlOf(cloud), WaitTimeSeconds: 5 }, ROOT);
  const [message] = answer['Messages'] as { Body: string; ReceiptHandle: string }[];
  if (message === undefined) throw new Error('nothing came');
  return message;
}

test('messages of a dead process are processed at once, and those of other receivers stay invisible', async () => {
  const send = (cloud: FixtureCloud, MessageBody: string) =>
    cloud.call('sqs', 'SendMessage', { QueueUrl: urlOf(cloud), MessageBody }, ROOT);
  const before = await startFixture(fixture(hang), { root });
  const { EventSourceMappings } = await before.call('lambda', 'ListEventSourceMappings', {}, ROOT);
  const [{ UUID } = { UUID: '' }] = EventSourceMappings as { UUID: string }[];
  await send(before, 'held by a poller');
  await has(before, 'has held by a poller');
  await before.call('lambda', 'UpdateEventSourceMapping', { UUID, Enabled: false }, ROOT);
  await send(before, 'held by a client');
  expect(await receive(before)).toMatchObject({ Body: 'held by a client' });
  await before.call('lambda', 'UpdateEventSourceMapping', { UUID, Enabled: true }, ROOT);
  // No drain: the event ends as a crash, and its message stays invisible, as after kill -9.
  await before.close({ drainMs: 0 });

  const after = await startFixture(fixture(say), { root });
  await has(after, 'again held by a poller');
  expect(after.events).toContainEqual(expect.objectContaining({ code: 'mapping.gave-back', messages: 1 }));
  const counts = async () => {
    const input = { QueueUrl: urlOf(after), AttributeNames: ['All'] };
    const { Attributes } = await after.call('sqs', 'GetQueueAttributes', input, ROOT);
    return Attributes as Record<string, string>;
  };
  await expect.poll(counts).toMatchObject({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '1',
  });
  await after.close();
});
