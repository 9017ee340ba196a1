import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startLocalCloud } from '../../src/cloud.ts';
import { ROOT } from '../../src/services/service.ts';
import { functionResource, pollGrant, startFixture } from '../../testing/cloud.ts';
import type { Fixture } from '../../testing/cloud.ts';

const fixture: Fixture = {
  code: {
    worker: `export const handler = async ({ Records }) => {
      console.log('began ' + Records[0].body);
      await new Promise((done) => setTimeout(done, 200));
      console.log('ended ' + Records[0].body);
    };`,
  },
  grants: [pollGrant('Queue')],
  resources: {
    Queue: { Type: 'AWS::SQS::Queue' },
    Worker: functionResource('worker'),
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Worker' }, BatchSize: 1 },
    },
  },
  outputs: { Url: { Value: { Ref: 'Queue' } } },
};

test('close waits for running events, and the next start processes the rest', async () => {
  const root = mkdtempSync(join(tmpdir(), 'fleet-lifecycle-'));
  const first = await startFixture(fixture, { root });
  const bodies = ['1', '2', '3', '4', '5', '6', '7', '8'];
  const Entries = bodies.map((MessageBody) => ({ Id: MessageBody, MessageBody }));
  const QueueUrl = first.outputs['Fixture']?.['Url'];
  await first.call('sqs', 'SendMessageBatch', { QueueUrl, Entries }, ROOT);
  await first.event('lambda.log', ({ line }) => line.includes('began'));
  await first.close();
  const logged = (which: typeof first, word: string): string[] =>
    which.events.flatMap((event) =>
      event.code === 'lambda.log' && event.line.includes(word) ? [event.line.slice(-1)] : [],
    );
  const done = logged(first, 'ended');
  expect(logged(first, 'began').sort()).toEqual(done.sort());
  expect(done.length).toBeGreaterThan(0);

  const second = await startFixture(fixture, { root });
  expect(second.outputs['Fixture']?.['Url']?.replace(second.endpoint, '')).toBe(QueueUrl?.replace(first.endpoint, ''));
  const rest = bodies.filter((body) => !done.includes(body));
  for (const body of rest) await second.event('lambda.log', ({ line }) => line.endsWith(`ended ${body}`));
  await second.close();
  expect(logged(second, 'ended').sort()).toEqual(rest);
  rmSync(root, { recursive: true });
});

test('a paused mapping stays paused across a restart until it is resumed', async () => {
  const root = mkdtempSync(join(tmpdir(), 'fleet-paused-'));
  const first = await startFixture(fixture, { root });
  const { EventSourceMappings } = await first.call('lambda', 'ListEventSourceMappings', {}, ROOT);
  const [{ UUID }] = EventSourceMappings as [{ UUID: string }];
  await first.call('lambda', 'UpdateEventSourceMapping', { UUID, Enabled: false }, ROOT);
  await first.close();

  const second = await startFixture(fixture, { root });
  expect(await second.call('lambda', 'GetEventSourceMapping', { UUID }, ROOT)).toMatchObject({ State: 'Disabled' });
  const QueueUrl = second.outputs['Fixture']?.['Url'];
  await second.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'late' }, ROOT);
  await second.call('lambda', 'UpdateEventSourceMapping', { UUID, Enabled: true }, ROOT);
  await second.event('lambda.log', ({ line }) => line.endsWith('ended late'));
  await second.close();
  rmSync(root, { recursive: true });
});

test('one data folder serves one cloud at a time', async () => {
  await using cloud = await startFixture({ resources: {} });
  const assembly = join(cloud.dataDir, '..', 'cdk.out');
  await expect(startLocalCloud({ assembly, dataDir: cloud.dataDir, port: 0 })).rejects.toThrow(
    `The data folder ${cloud.dataDir} is in use by another local cloud. Stop it or choose another folder.`,
  );
});

test('an unsupported type stops the start before anything is created', async () => {
  const resources = { ...fixture.resources, Vault: { Type: 'AWS::Backup::BackupVault' } };
  await expect(startFixture({ ...fixture, resources })).rejects.toThrow(
    'Fixture/Vault: the resource type AWS::Backup::BackupVault is not supported. Remove the resource from this ' +
      'environment, or add the type to packages/local-cloud/src/resources/types.ts.',
  );
});

test('an unsupported property is rejected with its path', async () => {
  const resources = { Queue: { Type: 'AWS::SQS::Queue', Properties: { Color: 'red' } } };
  await expect(startFixture({ resources })).rejects.toThrow('Fixture/Queue: AWS::SQS::Queue does not support Color');
});

test('types that run nothing here still support Ref and GetAtt', async () => {
  await using cloud = await startFixture({
    resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
      Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/fleet/worker' } },
      Key: { Type: 'AWS::KMS::Key' },
      Page: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardName: 'fleet', DashboardBody: '{}' } },
      Meta: { Type: 'AWS::CDK::Metadata' },
    },
    outputs: {
      Role: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } },
      Logs: { Value: { Ref: 'Logs' } },
      Key: { Value: { 'Fn::GetAtt': ['Key', 'Arn'] } },
      Page: { Value: { Ref: 'Page' } },
    },
  });
  expect(cloud.outputs['Fixture']).toEqual({
    Role: expect.stringMatching(/^arn:aws:iam::000000000000:role\/Fixture-Role-[0-9A-Z]{12}$/),
    Logs: '/fleet/worker',
    Key: expect.stringMatching(/^arn:aws:kms:us-east-1:000000000000:key\//),
    Page: 'fleet',
  });
});

test('the next start removes a subscription that the template no longer has', async () => {
  const root = mkdtempSync(join(tmpdir(), 'fleet-leftover-'));
  const Topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'reports' } };
  const to = (Endpoint: string) => ({
    Type: 'AWS::SNS::Subscription',
    Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint },
  });
  const endpoints: string[][] = [];
  for (const address of ['ada@example.com', 'bob@example.com']) {
    const cloud = await startFixture({ resources: { Topic, [`To${address.slice(0, 3)}`]: to(address) } }, { root });
    const { Subscriptions } = await cloud.call('sns', 'ListSubscriptions', {}, ROOT);
    endpoints.push((Subscriptions as { Endpoint: string }[]).map(({ Endpoint }) => Endpoint));
    await cloud.close();
  }
  expect(endpoints).toEqual([['ada@example.com'], ['bob@example.com']]);
  rmSync(root, { recursive: true });
});

test('a mail is reported with its file', async () => {
  const resources = {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'Fleet' } },
    ToAda: {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint: 'ada@example.com' },
    },
  };
  await using cloud = await startFixture({ resources, outputs: { Topic: { Value: { Ref: 'Topic' } } } });
  const TopicArn = cloud.outputs['Fixture']?.['Topic'];
  await cloud.call('sns', 'Publish', { TopicArn, Subject: 'Zürich: done', Message: 'All contracts are read.' }, ROOT);
  const mail = await cloud.event('mail.received');
  expect(mail).toMatchObject({
    to: 'ada@example.com',
    subject: 'Zürich: done',
    topic: expect.stringContaining('Fleet'),
  });
  expect(readFileSync(mail.file, 'utf8')).toContain('All contracts are read.');
});

test('an execution that waits for a function when the cloud closes continues after the next start', async () => {
  const root = mkdtempSync(join(tmpdir(), 'fleet-execution-'));
  const definition = {
    StartAt: 'Work',
    QueryLanguage: 'JSONata',
    States: { Work: { Type: 'Task', Resource: '${Worker}', Output: '{% $states.result %}', End: true } },
  };
  const machine: Fixture = {
    code: {
      worker: `export const handler = async () => {
        console.log('began');
        if (process.env.HANG) await new Promise(() => setInterval(() => {}, 1000));
        return 'done';
      };`,
    },
    grants: [
      {
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: 'arn:aws:lambda:us-east-1:000000000000:function:worker',
      },
    ],
    resources: {
      Worker: functionResource('worker', { Timeout: 60 }),
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          RoleArn: { 'Fn::GetAtt': ['FixtureRole', 'Arn'] },
          DefinitionString: JSON.stringify(definition),
          DefinitionSubstitutions: { Worker: { 'Fn::GetAtt': ['Worker', 'Arn'] } },
        },
      },
    },
    outputs: { Arn: { Value: { Ref: 'Machine' } } },
  };
  const first = await startFixture(machine, { root, environment: { HANG: 'yes' } });
  const stateMachineArn = first.outputs['Fixture']?.['Arn'];
  const { executionArn } = await first.call('states', 'StartExecution', { stateMachineArn, input: '{}' }, ROOT);
  await first.event('lambda.log', ({ line }) => line.includes('began'));
  await first.close({ drainMs: 0 });

  const second = await startFixture(machine, { root });
  const execution = async () => {
    const { status, output } = await second.call('states', 'DescribeExecution', { executionArn }, ROOT);
    return { status, output };
  };
  await expect.poll(execution).toEqual({ status: 'SUCCEEDED', output: '"done"' });
  await second.close();
  rmSync(root, { recursive: true });
});
