import { expect, test } from 'vitest';
import { CALLBACK_ATTEMPTS } from '#core/callbacks/schedule.ts';
import { synthesize, synthesizePlatform } from './synthesize.ts';

const prod = synthesizePlatform('prod');

test('a callback that fails its last attempt becomes a dead letter and raises an alarm', () => {
  const queues = Object.values(prod.resources('AWS::SQS::Queue'));
  const redrives = queues.flatMap(({ Properties }) => Properties['RedrivePolicy'] ?? []);
  expect(redrives).toEqual([expect.objectContaining({ maxReceiveCount: CALLBACK_ATTEMPTS })]);
  const { Properties } = prod.resource('AWS::CloudWatch::Alarm', 'CallbacksDeadLetters');
  expect(Properties).toMatchObject({ MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 1 });
});

test('callbacks that wait are woken each minute, and too many hidden messages raise an alarm', () => {
  const wake = prod.resource('AWS::Scheduler::Schedule', 'Callbacks');
  expect(wake.Properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)' });
  const { Properties } = prod.resource('AWS::CloudWatch::Alarm', 'CallbacksHidden');
  expect(Properties).toMatchObject({ MetricName: 'ApproximateNumberOfMessagesNotVisible', Threshold: 60_000 });
});

test('an error on our side that lasts for minutes wakes somebody', () => {
  const { Properties } = prod.resource('AWS::CloudWatch::Alarm', 'CallbacksBroken');
  expect(Properties).toMatchObject({
    MetricName: 'CallbacksBroken',
    Threshold: 1,
    Period: 300,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    AlarmDescription: expect.stringContaining('Severity 1') as string,
  });
});

test('AWS generates the signing secret, and no template has it', () => {
  const { Properties } = prod.resource('AWS::SecretsManager::Secret', 'Callbacks');
  expect(Properties).toMatchObject({
    Name: 'fleet-prod/callback-signing',
    GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
  });
  expect(Properties).not.toHaveProperty('SecretString');
});

test('private addresses are allowed in dev only', () => {
  const allowed = ['dev', 'staging', 'prod'].map((environment) => {
    const delivery = synthesizePlatform(environment).resource('AWS::Lambda::Function', 'CallbacksDelivery');
    return JSON.stringify(delivery.Properties['Environment']).match(/"PRIVATE_CALLBACKS":"(\w+)"/)?.[1];
  });
  expect(allowed).toEqual(['true', 'false', 'false']);
});

test('the delivery function may receive from its queue, read its secret and park callbacks, but send to no queue', () => {
  const policy = JSON.stringify(prod.resource('AWS::IAM::Policy', 'CallbacksDelivery'));
  expect(policy).toContain('sqs:ChangeMessageVisibility');
  expect(policy).toContain('secretsmanager:GetSecretValue');
  expect(policy).not.toMatch(/sqs:SendMessage/);
  expect(policy.match(/dynamodb:\w+/g)).toEqual(['dynamodb:PutItem']);
});

test('only functions that end tasks may send callbacks', () => {
  const assistant = synthesize('prod');
  const functions = Object.entries(assistant.resources('AWS::Lambda::Function'));
  const senders = functions.filter(([, { Properties }]) => JSON.stringify(Properties).includes('CALLBACK_QUEUE_URL'));
  const names = senders.map(([id]) => id.replace(/Function.*/, ''));
  expect(names.toSorted()).toEqual([
    'AssistantDeadLettersBurial',
    'AssistantEconomyCollector',
    'AssistantEconomySettle',
    'AssistantSweeperSweep',
    'AssistantWorker',
  ]);
});
