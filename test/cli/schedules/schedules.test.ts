import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { expect, onTestFinished, test } from 'vitest';
import { CREDENTIALS, functionResource, startFixture } from '@agent-fleet/local-cloud/testing/cloud';
import { findSchedule } from '#cli/schedules/find.ts';
import { listSchedules, type ListedSchedule } from '#cli/schedules/list.ts';
import { runNow } from '#cli/schedules/run-now.ts';
import { setState } from '#cli/schedules/set-state.ts';

const NOW = Date.UTC(2026, 10, 28, 12, 0);

const schedule = (Name: string, ScheduleExpression: string, Target: object, rest: object = {}) => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    Name,
    ScheduleExpression,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { RoleArn: { 'Fn::GetAtt': ['FixtureRole', 'Arn'] }, ...Target },
    ...rest,
  },
});

const night = { Arn: { 'Fn::GetAtt': ['Night', 'Arn'] }, Input: '{"at":"<aws.scheduler.scheduled-time>"}' };

const FIXTURE = {
  code: { night: `export const handler = async (event) => console.log('started ' + JSON.stringify(event));` },
  grants: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' }],
  resources: {
    Night: functionResource('night'),
    Queue: { Type: 'AWS::SQS::Queue' },
    Nightly: schedule('fleet-dev-nightly', 'cron(0 22 * * ? *)', night, {
      Description: 'Researches every company',
      ScheduleExpressionTimezone: 'Europe/Berlin',
    }),
    Hourly: schedule('fleet-dev-hourly', 'rate(1 hour)', { Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }),
    Foreign: schedule('fleet-development-nightly', 'rate(1 hour)', night),
  },
};

async function place(root?: string) {
  const cloud = await startFixture(FIXTURE, root === undefined ? {} : { root });
  const client = { endpoint: cloud.endpoint, region: 'us-east-1', credentials: CREDENTIALS };
  const scheduler = new SchedulerClient(client);
  onTestFinished(() => scheduler.destroy());
  return { cloud, place: { scheduler, client, prefix: 'fleet-dev' } };
}

const listed = async (of: Parameters<typeof listSchedules>[0]) => {
  const { value, text } = await listSchedules(of, NOW);
  return { schedules: (value as { schedules: ListedSchedule[] }).schedules, text };
};

test('list shows each schedule of the fleet with its next time', async () => {
  const { cloud, place: here } = await place();
  await using _ = cloud;
  const { schedules, text } = await listed(here);
  expect(schedules).toMatchObject([
    { name: 'fleet-dev-hourly', state: 'running', expression: 'rate(1 hour)', timezone: 'UTC' },
    { name: 'fleet-dev-nightly', state: 'running', next: '2026-11-28T21:00:00.000Z', nextLocal: '2026-11-28 22:00' },
  ]);
  expect(schedules[0]).not.toHaveProperty('next');
  expect(text).toContain('Researches every company');
  expect(text).toContain('None of them starts runs');
});

test('pause and resume change the state alone, and it outlasts a restart', async () => {
  const root = mkdtempSync(join(tmpdir(), 'fleet-schedules-'));
  {
    const { cloud, place: here } = await place(root);
    await using _ = cloud;
    const { text } = await setState(here, await findSchedule(here, 'fleet-dev-nightly'), 'DISABLED');
    expect(text).toContain('schedules resume fleet-dev-nightly');
  }
  const { cloud, place: here } = await place(root);
  await using _ = cloud;
  const paused = (await listed(here)).schedules[1];
  expect(paused).toMatchObject({ name: 'fleet-dev-nightly', state: 'paused', expression: 'cron(0 22 * * ? *)' });
  expect(paused).not.toHaveProperty('next');
  await setState(here, await findSchedule(here, 'fleet-dev-nightly'), 'ENABLED');
  expect((await listed(here)).schedules[1]).toMatchObject({
    state: 'running',
    description: 'Researches every company',
  });
});

test('run-now calls the target with the filled input, also while the schedule is paused', async () => {
  const { cloud, place: here } = await place();
  await using _ = cloud;
  await setState(here, await findSchedule(here, 'fleet-dev-nightly'), 'DISABLED');
  const { value } = await runNow(here, await findSchedule(here, 'fleet-dev-nightly'), new Date(NOW));
  expect(value).toMatchObject({
    name: 'fleet-dev-nightly',
    target: expect.stringContaining('function:night') as string,
  });
  const { line } = await cloud.event('lambda.log', (event) => event.line.includes('started'));
  expect(line).toContain('started {"at":"2026-11-28T12:00:00Z"}');
});

test('a schedule is found by a part of its name that no other one has', async () => {
  const { cloud, place: here } = await place();
  await using _ = cloud;
  expect(await findSchedule(here, 'HOURLY')).toHaveProperty('name', 'fleet-dev-hourly');
  expect(await findSchedule(here, 'fleet-dev-nightly')).toHaveProperty('name', 'fleet-dev-nightly');
  await expect(findSchedule(here, 'ly')).rejects.toThrow('a part of 2 names: fleet-dev-hourly, fleet-dev-nightly');
  await expect(findSchedule(here, 'weekly')).rejects.toThrow('No schedule is called "weekly"');
});

test('run-now of a queue says what to do instead', async () => {
  const { cloud, place: here } = await place();
  await using _ = cloud;
  const hourly = await findSchedule(here, 'fleet-dev-hourly');
  await expect(runNow(here, hourly, new Date(NOW))).rejects.toThrow('neither a function nor a state machine');
});
