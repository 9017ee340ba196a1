import { expect, test } from 'vitest';
import { synthesize } from './synthesize.ts';

test('alarms and mail go to the configured destinations', () => {
  const alarmTopicArn = 'arn:aws:sns:us-east-1:111122223333:on-call';
  const stack = synthesize('dev', { alarmTopicArn, 'documents.notificationEmail': 'contracts@example.com' });
  const alarms = Object.values(stack.resources('AWS::CloudWatch::Alarm'));
  expect(alarms.length).toBeGreaterThan(10);
  for (const { Properties } of alarms) {
    expect(Properties).toMatchObject({ AlarmActions: [alarmTopicArn], OKActions: [alarmTopicArn] });
    expect(Properties['AlarmDescription']).toMatch(
      /\.\nSeverity [123] · Owner [a-z-]+ · Runbook docs\/runbook\.md#[a-z-]+$/,
    );
  }
  const mail = stack.resource('AWS::SNS::Subscription').Properties;
  expect(mail).toMatchObject({ Protocol: 'email', Endpoint: 'contracts@example.com' });
});

test('of the functions, only those that end tasks may send callbacks', () => {
  const functions = Object.entries(synthesize('prod').resources('AWS::Lambda::Function'));
  const senders = functions.filter(([, { Properties }]) => JSON.stringify(Properties).includes('CALLBACK_QUEUE_URL'));
  expect(senders.map(([id]) => id.replace(/Function.*/, '')).toSorted()).toEqual([
    'ContractAnalystDeadLettersBurial',
    'ContractAnalystSweeperSweep',
    'ContractAnalystWorker',
  ]);
});

test('an output names the secret of the model’s key, if there is one', () => {
  expect(synthesize('dev').outputs).toHaveProperty('ModelSecret');
  const bedrock = synthesize('dev', { model: '{"provider":"bedrock","profile":"us"}' });
  expect(bedrock.outputs).not.toHaveProperty('ModelSecret');
});
