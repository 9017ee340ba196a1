import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { CREDENTIALS, functionResource, startFixture, type FixtureCloud } from '@agent-fleet/local-cloud/testing/cloud';
import { findSchedule } from '#cli/schedules/find.ts';
import { listSchedules, type ListedSchedule } from '#cli/schedules/list.ts';
import type { SchedulesPlace } from '#cli/schedules/place.ts';
import { runNow } from '#cli/schedules/run-now.ts';
import { setState } from '#cli/schedules/set-state.ts';

/** Three in the morning in Berlin. */
const NOW = Date.UTC(2026, 10, 28, 2, 0);
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:companies';
const EXECUTIONS = `${MACHINE.replace('stateMachine', 'execution')}:companies-nightly-`;

const role = { 'Fn::GetAtt': ['FixtureRole', 'Arn'] };

const part = (occasion: string, time: string, fn: string) => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    Name: `fleet-dev-companies-${occasion}-1A2B`,
    Description: `${occasion} of nightly at ${time}`,
    ScheduleExpression: `cron(${Number(time.slice(3))} ${Number(time.slice(0, 2))} * * ? *)`,
    ScheduleExpressionTimezone: 'Europe/Berlin',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      RoleArn: role,
      Arn: { 'Fn::GetAtt': [fn, 'Arn'] },
      Input: JSON.stringify({
        schedule: 'nightly',
        occasion,
        executions: EXECUTIONS,
        scheduledTime: '<aws.scheduler.scheduled-time>',
      }),
    },
  },
});

const definition = {
  QueryLanguage: 'JSONata',
  StartAt: 'Choose',
  States: {
    Choose: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.fails = true %}', Next: 'Fail' }],
      Default: 'Succeed',
    },
    Fail: { Type: 'Fail', Error: 'Items.Invalid', Cause: 'Line 3 is not valid JSON.' },
    Succeed: { Type: 'Succeed' },
  },
};

const FIXTURE = {
  code: {
    broken: `export const handler = async () => { throw new Error('broken'); };`,
    start: `export const handler = async (event) => {
      return { runId: event.schedule + '-' + event.occasion + '-' + event.scheduledTime };
    };`,
  },
  grants: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' }],
  resources: {
    Start: functionResource('start'),
    Broken: functionResource('broken'),
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { StateMachineName: 'companies', RoleArn: role, DefinitionString: JSON.stringify(definition) },
    },
    Due: part('due', '22:00', 'Start'),
    Watchdog: part('watchdog', '04:30', 'Start'),
    Check: part('check', '07:05', 'Start'),
    Sweeper: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        Name: 'fleet-dev-assistant-sweeper',
        ScheduleExpression: 'rate(1 minute)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { RoleArn: role, Arn: { 'Fn::GetAtt': ['Start', 'Arn'] } },
        State: 'DISABLED',
      },
    },
  },
};

let cloud: FixtureCloud;
let here: SchedulesPlace;
let sfn: SFNClient;

beforeEach(async () => {
  cloud = await startFixture(FIXTURE);
  const client = { endpoint: cloud.endpoint, region: 'us-east-1', credentials: CREDENTIALS };
  const scheduler = new SchedulerClient(client);
  sfn = new SFNClient(client);
  here = { scheduler, client, prefix: 'fleet-dev' };
  onTestFinished(async () => {
    scheduler.destroy();
    sfn.destroy();
    await cloud[Symbol.asyncDispose]();
  });
});

async function list(now = NOW) {
  const { value, text } = await listSchedules(here, now);
  const { schedules } = value as { schedules: ListedSchedule[] };
  return { nightly: schedules[0], others: schedules.slice(1), text };
}

/** Runs the night's execution to its end. */
async function night(input: object, name = 'companies-nightly-2026-11-27'): Promise<void> {
  await sfn.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name, input: JSON.stringify(input) }));
  await vi.waitFor(async () => expect((await list()).nightly?.last?.status).not.toBe('running'), { timeout: 90_000 });
}

test('list shows the parts of a schedule as one, before what runs every minute', async () => {
  const { nightly, others, text } = await list();
  expect(nightly).toMatchObject({ name: 'nightly', state: 'running', nextLocal: '2026-11-28 22:00' });
  expect(nightly?.parts.map(({ occasion, nextLocal }) => [occasion, nextLocal])).toEqual([
    ['watchdog', '2026-11-28 04:30'],
    ['due', '2026-11-28 22:00'],
    ['check', '2026-11-28 07:05'],
  ]);
  expect(others.map(({ name }) => name)).toEqual(['fleet-dev-assistant-sweeper']);
  expect(text).toMatch(/^nightly +running +22:00 Europe\/Berlin +2026-11-28 22:00 +2026-11-27 not-started/m);
  expect(text).not.toContain('None of them starts runs');
  expect(text).toContain('nightly: The run of 2026-11-27 has not started. The watchdog starts it at 2026-11-28 04:30.');
});

test('list says what to do when the watchdog has not started the run either', async () => {
  const { text } = await list(Date.UTC(2026, 10, 28, 3, 45));
  expect(text).toContain(
    'has not started. Start one by hand: npm run fleet -- schedules run-now nightly --prefix fleet-dev',
  );
});

test('list shows how the run of the last night ended, and what to do', async () => {
  await night({ fails: true });
  const { nightly, text } = await list();
  expect(nightly?.last).toMatchObject({
    runId: 'companies-nightly-2026-11-27',
    date: '2026-11-27',
    status: 'failed',
    error: 'Items.Invalid',
    cause: 'Line 3 is not valid JSON.',
  });
  expect(text).toMatch(/2026-11-27 failed at \d\d:\d\d: Items.Invalid/);
  expect(text).toContain(
    'has failed. See why: npm run fleet -- runs companies-nightly-2026-11-27. The watchdog starts',
  );
  expect(text).toContain('starts it once more at 2026-11-28 04:30.');
  const later = await list(Date.UTC(2026, 10, 28, 3, 45));
  expect(later.text).toContain('Start one by hand: npm run fleet -- schedules run-now nightly');
});

test.each([
  [{}, 'succeeded'],
  [{ fails: true }, 'failed'],
])('list shows the rescue of a failed run: %j', async (input, status) => {
  await night({ fails: true });
  await night(input, 'companies-nightly-2026-11-27-2');
  const { nightly, text } = await list();
  expect(nightly?.last).toMatchObject({ runId: 'companies-nightly-2026-11-27-2', isRescue: true, status });
  // There is one.
  expect(text).not.toContain('The watchdog starts');
  expect(text.includes('Start one by hand')).toBe(status === 'failed');
});

test('a night that has succeeded needs nothing', async () => {
  await night({});
  const { nightly, text } = await list();
  expect(nightly?.last).toMatchObject({ status: 'succeeded', endedAt: expect.any(String) as string });
  expect(text).not.toContain('run-now');
});

test('pause stops the watchdog too, which would start what is paused', async () => {
  const { text } = await setState(here, await findSchedule(here, 'nightly'), 'DISABLED');
  expect(text).toContain('schedules resume nightly --prefix fleet-dev');
  const { nightly } = await list();
  expect(nightly?.parts.map(({ state }) => state)).toEqual(['paused', 'paused', 'paused']);
  expect(nightly).toMatchObject({ state: 'paused' });
  expect(nightly).not.toHaveProperty('next');
  // By the name of any part, the whole is meant.
  await setState(here, await findSchedule(here, 'fleet-dev-companies-check-1A2B'), 'ENABLED');
  expect((await list()).nightly).toMatchObject({ state: 'running' });
});

test('list tells of a schedule whose parts differ', async () => {
  const { main, ...rest } = await findSchedule(here, 'nightly');
  await setState(here, { ...rest, main, parts: [main] }, 'DISABLED');
  const { nightly, text } = await list();
  expect(nightly).toMatchObject({ state: 'partly paused' });
  expect(text).toContain(
    'nightly is partly paused. Resume it: npm run fleet -- schedules resume nightly --prefix fleet-dev',
  );
});

test('run-now says which run it has started, by hand', async () => {
  const { value, text } = await runNow(here, await findSchedule(here, 'night'), new Date(NOW));
  expect(value).toMatchObject({ name: 'nightly', runId: 'nightly-by-hand-2026-11-28T02:00:00Z' });
  expect(text).toContain('npm run fleet -- runs nightly-by-hand');
});

test('run-now says that the function failed', async () => {
  const { main, ...rest } = await findSchedule(here, 'nightly');
  const Target = { ...main.definition.Target, Arn: 'arn:aws:lambda:us-east-1:000000000000:function:broken' };
  const broken = { ...rest, main: { ...main, definition: { ...main.definition, Target } as typeof main.definition } };
  await expect(runNow(here, broken, new Date(NOW))).rejects.toThrow('The function that starts the run failed');
});
