import {
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
  type UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { CREDENTIALS, startFixture } from '../../testing/cloud.ts';

const schedule = (properties: object) => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    ScheduleExpression: 'cron(0 22 * * ? *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
      RoleArn: { 'Fn::GetAtt': ['FixtureRole', 'Arn'] },
      Input: '{"at":"<aws.scheduler.scheduled-time>"}',
      RetryPolicy: { MaximumRetryAttempts: 3 },
    },
    ...properties,
  },
});

const RESOURCES = {
  Queue: { Type: 'AWS::SQS::Queue' },
  Nightly: schedule({ Name: 'fleet-nightly', Description: 'Every night', EndDate: '2030-01-01T00:00:00Z' }),
  Off: schedule({ Name: 'fleet-off', State: 'DISABLED' }),
  Other: schedule({ Name: 'other' }),
};

let scheduler: SchedulerClient;

beforeEach(async () => {
  const cloud = await startFixture({ resources: RESOURCES });
  scheduler = new SchedulerClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials: CREDENTIALS });
  onTestFinished(async () => {
    scheduler.destroy();
    await cloud[Symbol.asyncDispose]();
  });
});

const nightly = async () => {
  const { $metadata: _, Arn: _arn, ...found } = await scheduler.send(new GetScheduleCommand({ Name: 'fleet-nightly' }));
  return found as UpdateScheduleCommandInput;
};

test('lists schedules by prefix and state, in pages', async () => {
  const first = await scheduler.send(new ListSchedulesCommand({ NamePrefix: 'fleet-', MaxResults: 1 }));
  const { NextToken } = first;
  const second = await scheduler.send(new ListSchedulesCommand({ NamePrefix: 'fleet-', MaxResults: 1, NextToken }));
  expect([...(first.Schedules ?? []), ...(second.Schedules ?? [])].map(({ Name }) => Name)).toEqual([
    'fleet-nightly',
    'fleet-off',
  ]);
  expect(second.NextToken).toBeUndefined();
  const { Schedules } = await scheduler.send(new ListSchedulesCommand({ State: 'DISABLED' }));
  expect(Schedules?.map(({ Name }) => Name)).toEqual(['fleet-off']);
});

test('an update with another state alone changes it; any other change is rejected', async () => {
  const before = await nightly();
  expect(before).toMatchObject({ State: 'ENABLED', Description: 'Every night', EndDate: new Date('2030-01-01') });
  await scheduler.send(new UpdateScheduleCommand({ ...before, State: 'DISABLED' }));
  expect(await nightly()).toEqual({ ...before, State: 'DISABLED' });
  const changed = { ...before, ScheduleExpression: 'rate(1 minute)' };
  await expect(scheduler.send(new UpdateScheduleCommand(changed))).rejects.toThrow(
    'changes the State of a schedule only, not ScheduleExpression',
  );
  const { Description: _, ...without } = before;
  await expect(scheduler.send(new UpdateScheduleCommand(without))).rejects.toThrow('not Description');
});

test('a schedule that does not exist is a ResourceNotFoundException', async () => {
  await expect(scheduler.send(new GetScheduleCommand({ Name: 'nobody' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
