import { createHmac, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/asl/clock.ts';
import { TaskTokens } from '../../src/asl/tokens.ts';
import { ROOT } from '../../src/services/service.ts';
import { startFixture, type FixtureCloud } from '../../testing/cloud.ts';
import { iamWith, machineArn, WORKER } from './support.ts';

const answer = (Resource: string | readonly string[]) => ({ Effect: 'Allow', Action: 'states:SendTask*', Resource });
const ACTIONS = ['SendTaskSuccess', 'SendTaskFailure', 'SendTaskHeartbeat'];

test.each(ACTIONS)('%s is judged for the state machine of the token', (action) => {
  const iam = iamWith(answer(machineArn('run')));
  const call = (taskToken: string) => () => iam.authorize('states', action, { taskToken }, WORKER);
  expect(call('of-run')).not.toThrow();
  expect(call('of-child')).toThrow(
    `is not authorized to perform: states:${action} on resource: ${machineArn('run/Each')}`,
  );
});

test('a token that was not issued here may reach the service of whoever may answer some state machine', () => {
  const call = (iam: ReturnType<typeof iamWith>) => () =>
    iam.authorize('states', 'SendTaskSuccess', { taskToken: 'none' }, WORKER);
  expect(call(iamWith(answer(machineArn('run'))))).not.toThrow();
  expect(call(iamWith())).toThrow('is not authorized to perform: states:SendTaskSuccess');
});

test('a token of an earlier release, which names no state machine, is one of ours', () => {
  const key = randomBytes(32);
  const tokens = new TaskTokens(key, systemClock);
  const nonce = randomBytes(40);
  const old = Buffer.concat([nonce, createHmac('sha256', key).update(nonce).digest()]).toString('base64');
  expect(tokens.machineOf(old)).toBeUndefined();
  expect(tokens.heartbeat(old)).toBe('timed-out');
  const issued = tokens.issue(machineArn('run'));
  expect(tokens.machineOf(issued)).toBe(machineArn('run'));
  const other = new TaskTokens(randomBytes(32), systemClock);
  expect(other.machineOf(issued)).toBeUndefined();
  expect(other.heartbeat(issued)).toBe('invalid');
});

/** Two state machines under one role, which may answer the first one. */
const machine = (StateMachineName: string) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: {
    StateMachineName,
    RoleArn: { 'Fn::GetAtt': ['FixtureRole', 'Arn'] },
    DefinitionSubstitutions: { QueueUrl: { Ref: 'Queue' } },
    DefinitionString: JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: 'Send',
      States: {
        Send: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
          Arguments: { QueueUrl: '${QueueUrl}', MessageBody: '{% $states.context.Task.Token %}' },
          End: true,
        },
      },
    }),
  },
});

async function tokenOf(cloud: FixtureCloud, name: string): Promise<string> {
  await cloud.call('states', 'StartExecution', { stateMachineArn: machineArn(name), input: '{}' }, ROOT);
  const QueueUrl = cloud.outputs['Fixture']?.['Url'];
  const received = await cloud.call('sqs', 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }, ROOT);
  const [message] = received['Messages'] as readonly { readonly Body: string }[];
  return message?.Body ?? '';
}

test('a role cannot answer a task of a state machine that it may not answer, also after the task has ended', async () => {
  await using cloud = await startFixture({
    resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: {} }, Mine: machine('mine'), Other: machine('other') },
    outputs: { Url: { Value: { Ref: 'Queue' } }, Role: { Value: { 'Fn::GetAtt': ['FixtureRole', 'Arn'] } } },
    grants: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }, answer(machineArn('mine'))],
  });
  const role = { accessKeyId: 'role', principal: cloud.outputs['Fixture']?.['Role'] ?? '' };
  const send = async (taskToken: string, caller = role) =>
    cloud.call('states', 'SendTaskSuccess', { taskToken, output: '{}' }, caller);
  const other = await tokenOf(cloud, 'other');
  const denied = { code: 'AccessDeniedException', message: expect.stringContaining(machineArn('other')) as string };
  await expect(send(other)).rejects.toMatchObject(denied);
  await send(other, ROOT);
  await expect(send(other)).rejects.toMatchObject(denied);
  const mine = await tokenOf(cloud, 'mine');
  await send(mine);
  await expect(send(mine)).rejects.toMatchObject({ code: 'TaskTimedOut' });
});
