import { expect, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { functionResource, startFixture } from '../../testing/cloud.ts';

/** One to two seconds from now, so that the cloud has started by then. */
const soon = (): string => new Date(Date.now() + 2000).toISOString().slice(0, 19);

const schedule = (Target: object) => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    ScheduleExpression: `at(${soon()})`,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { RoleArn: { 'Fn::GetAtt': ['FixtureRole', 'Arn'] }, ...Target },
  },
});

test('schedules call functions and queues with their own input or the scheduled event', async () => {
  const code = { sweep: `export const handler = async (event) => console.log('swept ' + JSON.stringify(event));` };
  const resources = {
    Sweep: functionResource('sweep'),
    Queue: { Type: 'AWS::SQS::Queue' },
    Named: schedule({ Arn: { 'Fn::GetAtt': ['Sweep', 'Arn'] }, Input: '{"at":"<aws.scheduler.scheduled-time>"}' }),
    Plain: schedule({ Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }),
    Failing: schedule({
      Arn: 'arn:aws:sqs:us-east-1:000000000000:nowhere',
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
    }),
  };
  const grants = [
    { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: 'arn:aws:lambda:*:*:function:sweep' },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
  ];
  await using cloud = await startFixture({ code, grants, resources, outputs: { Url: { Value: { Ref: 'Queue' } } } });
  const { line } = await cloud.event('lambda.log', ({ line }) => line.includes('swept'));
  expect(line).toMatch(/swept \{"at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"\}$/);
  const failed = await cloud.event('schedule.failed');
  expect(failed.target).toContain('nowhere');
  const bodies: unknown[] = [];
  while (bodies.length < 2) {
    const input = { QueueUrl: cloud.outputs['Fixture']?.['Url'], WaitTimeSeconds: 10, MaxNumberOfMessages: 10 };
    const { Messages } = await cloud.call('sqs', 'ReceiveMessage', input, ROOT);
    bodies.push(...((Messages ?? []) as { Body: string }[]).map(({ Body }) => JSON.parse(Body) as unknown));
  }
  const event = expect.objectContaining({
    source: 'aws.scheduler',
    'detail-type': 'Scheduled Event',
    detail: '{}',
  }) as unknown;
  expect(bodies).toEqual([event, event]);
});
