import { expect, test } from 'vitest';
import { functionResource, startFixture } from '../../testing/cloud.ts';
import type { Fixture } from '../../testing/cloud.ts';
import { ROOT } from '../../src/services/service.ts';

// A period has to end before an alarm can ring, so this takes up to two minutes of real time.

const common = {
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'notBreaching',
};

const fixture: Fixture = {
  code: {
    worker: `export const handler = async ({ fail }) => {
      if (fail) throw new Error('on purpose');
      const CloudWatchMetrics = [{ Namespace: 'fleet', Dimensions: [['service']], Metrics: [{ Name: 'Refused' }] }];
      console.log(JSON.stringify({ _aws: { Timestamp: Date.now(), CloudWatchMetrics }, service: 'echo', Refused: 2 }));
    };`,
  },
  resources: {
    Worker: functionResource('worker'),
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'letters' } },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alarms', DisplayName: 'Alarms' } },
    TopicPolicy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: {
        Topics: [{ Ref: 'Topic' }],
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'cloudwatch.amazonaws.com' },
              Action: 'sns:Publish',
              Resource: { Ref: 'Topic' },
            },
          ],
        },
      },
    },
    Errors: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        ...common,
        AlarmName: 'errors',
        Namespace: 'AWS/Lambda',
        MetricName: 'Errors',
        Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Worker' } }],
      },
    },
    Refused: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        ...common,
        AlarmName: 'refused',
        Namespace: 'fleet',
        MetricName: 'Refused',
        Dimensions: [{ Name: 'service', Value: 'echo' }],
        Threshold: 2,
      },
    },
    Letters: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        ...common,
        AlarmName: 'letters',
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Queue', 'QueueName'] } }],
        Statistic: 'Maximum',
      },
    },
    Page: {
      Type: 'AWS::CloudWatch::CompositeAlarm',
      Properties: {
        AlarmName: 'page',
        AlarmRule: {
          'Fn::Join': [
            '',
            [
              'ALARM("',
              { 'Fn::GetAtt': ['Errors', 'Arn'] },
              '") AND ALARM("',
              { Ref: 'Refused' },
              '") AND ALARM(letters)',
            ],
          ],
        },
        AlarmActions: [{ Ref: 'Topic' }],
      },
      DependsOn: ['Letters'],
    },
  },
  outputs: { Queue: { Value: { Ref: 'Queue' } } },
};

test('alarms ring on what functions log, how they fail and what waits in queues, and a composite sends a mail', async () => {
  await using cloud = await startFixture(fixture);
  const invoke = (event: object): Promise<unknown> =>
    cloud.call('lambda', 'Invoke', { FunctionName: 'worker', Payload: Buffer.from(JSON.stringify(event)) }, ROOT);
  const QueueUrl = cloud.outputs['Fixture']?.['Queue'];
  await Promise.all([
    invoke({ fail: true }),
    invoke({}),
    cloud.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'dead' }, ROOT),
  ]);
  const mail = await cloud.event('mail.received');
  expect(mail).toMatchObject({
    subject: 'ALARM: "page" in US East (N. Virginia)',
    topic: expect.stringContaining('Alarms') as string,
  });
  const rang = cloud.events.flatMap((event) =>
    event.code === 'alarm.changed' && event.to === 'ALARM' ? [event.alarm] : [],
  );
  expect(rang.toSorted()).toEqual(['errors', 'letters', 'page', 'refused']);
  expect(cloud.events.filter(({ code }) => code === 'alarm.action-failed')).toEqual([]);
}, 180_000);

test('an alarm that cannot be evaluated stops the start, with its name and the reason', async () => {
  const Metrics = [{ Id: 'e1', Expression: 'RATE(m1)' }];
  const { Statistic: _statistic, Period: _period, ...rest } = common;
  const Broken = { Type: 'AWS::CloudWatch::Alarm', Properties: { ...rest, AlarmName: 'broken', Metrics } };
  await expect(startFixture({ resources: { Broken } })).rejects.toThrow(
    /^Fixture\/Broken: the alarm broken cannot be evaluated here: the function RATE is not supported\./,
  );
});
