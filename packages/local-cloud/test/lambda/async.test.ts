import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { functionResource, startFixture } from '../../testing/cloud.ts';
import type { Fixture, FixtureCloud } from '../../testing/cloud.ts';

const code = {
  worker: `export const handler = async (event) => {
    console.log('ran ' + JSON.stringify(event));
    if (event.fail) throw new Error('as told');
    if (event.hang) await new Promise(() => setInterval(() => {}, 1000));
    return 'done';
  };`,
};

const fixture: Fixture = {
  code,
  grants: ['Dead', 'Ended'].map((queue) => ({
    Effect: 'Allow',
    Action: 'sqs:SendMessage',
    Resource: { 'Fn::GetAtt': [queue, 'Arn'] },
  })),
  resources: {
    Dead: { Type: 'AWS::SQS::Queue' },
    Ended: { Type: 'AWS::SQS::Queue' },
    Worker: functionResource('worker', {
      Timeout: 60,
      DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] } },
    }),
    Config: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: 'Worker' },
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 0,
        DestinationConfig: {
          OnFailure: { Destination: { 'Fn::GetAtt': ['Ended', 'Arn'] } },
          OnSuccess: { Destination: { 'Fn::GetAtt': ['Ended', 'Arn'] } },
        },
      },
    },
  },
  outputs: { Dead: { Value: { Ref: 'Dead' } }, Ended: { Value: { Ref: 'Ended' } } },
};

async function invokeEvent(cloud: FixtureCloud, event: unknown): Promise<void> {
  const input = { FunctionName: 'worker', InvocationType: 'Event', Payload: JSON.stringify(event) };
  expect(await cloud.call('lambda', 'Invoke', input, ROOT)).toMatchObject({ StatusCode: 202 });
}

async function receive(cloud: FixtureCloud, queue: string): Promise<unknown> {
  const input = { QueueUrl: cloud.outputs['Fixture']?.[queue], WaitTimeSeconds: 20 };
  const { Messages } = await cloud.call('sqs', 'ReceiveMessage', input, ROOT);
  return JSON.parse((Messages as [{ Body: string }])[0].Body) as unknown;
}

test('after its last retry an event goes to the dead-letter queue unchanged, and to the destination with the error', async () => {
  await using cloud = await startFixture(fixture);
  await invokeEvent(cloud, { fail: true });
  expect(await receive(cloud, 'Ended')).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
    requestPayload: { fail: true },
    responseContext: { functionError: 'Unhandled' },
    responsePayload: { errorMessage: 'as told' },
  });
  expect(await receive(cloud, 'Dead')).toEqual({ fail: true });
  expect(await cloud.event('lambda.event-dropped')).toMatchObject({ function: 'worker' });
});

test('a success is reported to its destination', async () => {
  await using cloud = await startFixture(fixture);
  await invokeEvent(cloud, { n: 1 });
  expect(await receive(cloud, 'Ended')).toMatchObject({
    requestContext: { condition: 'Success' },
    responsePayload: 'done',
  });
});

test('an event that runs when the cloud closes runs again at the next start', async () => {
  const root = mkdtempSync(join(tmpdir(), 'fleet-async-'));
  const first = await startFixture(fixture, { root });
  await invokeEvent(first, { hang: true });
  await first.event('lambda.log', ({ line }) => line.includes('ran'));
  await first.close({ drainMs: 0 });
  const second = await startFixture(fixture, { root });
  const again = await second.event('lambda.log', ({ line }) => line.includes('ran'));
  expect(again.line).toContain('ran {"hang":true}');
  await second.close({ drainMs: 0 });
  rmSync(root, { recursive: true });
});

test('an event is dropped and reported when the template no longer has its function', async () => {
  const root = mkdtempSync(join(tmpdir(), 'fleet-async-gone-'));
  const first = await startFixture(fixture, { root });
  await invokeEvent(first, { hang: true });
  await first.event('lambda.log', ({ line }) => line.includes('ran'));
  await first.close({ drainMs: 0 });
  const second = await startFixture({ resources: {} }, { root });
  expect(await second.event('lambda.event-dropped')).toMatchObject({
    function: 'worker',
    reason: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:worker',
  });
  await second.close();
  rmSync(root, { recursive: true });
});
