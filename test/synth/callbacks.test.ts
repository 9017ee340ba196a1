import { expect, test } from 'vitest';
import { CALLBACK_ATTEMPTS } from '#core/callbacks/schedule.ts';
import { synthesize, synthesizePlatform } from './synthesize.ts';

const prod = synthesizePlatform('prod');

test('what fails the last attempt of the schedule is a dead letter, and rings an alarm', () => {
  const queues = Object.values(prod.resources('AWS::SQS::Queue'));
  const redrives = queues.flatMap(({ Properties }) => Properties['RedrivePolicy'] ?? []);
  expect(redrives).toEqual([expect.objectContaining({ maxReceiveCount: CALLBACK_ATTEMPTS })]);
  const { Properties } = prod.resource('AWS::CloudWatch::Alarm', 'CallbacksDeadLetters');
  expect(Properties).toMatchObject({ MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 1 });
});

test('the secret that signs is made by AWS, and stands in no template', () => {
  const { Properties } = prod.resource('AWS::SecretsManager::Secret', 'Callbacks');
  expect(Properties).toMatchObject({
    Name: 'fleet-prod/callback-signing',
    GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
  });
  expect(Properties).not.toHaveProperty('SecretString');
});

test('private addresses are called in dev, and nowhere else', () => {
  const told = ['dev', 'staging', 'prod'].map((environment) => {
    const delivery = synthesizePlatform(environment).resource('AWS::Lambda::Function', 'CallbacksDelivery');
    return JSON.stringify(delivery.Properties['Environment']).match(/"PRIVATE_CALLBACKS":"(\w+)"/)?.[1];
  });
  expect(told).toEqual(['true', 'false', 'false']);
});

test('who delivers may take from its queue and read its secret, and sends to no queue', () => {
  const policy = JSON.stringify(prod.resource('AWS::IAM::Policy', 'CallbacksDelivery'));
  expect(policy).toContain('sqs:ChangeMessageVisibility');
  expect(policy).toContain('secretsmanager:GetSecretValue');
  expect(policy).not.toMatch(/sqs:SendMessage|dynamodb:/);
});

test('all who end tasks may send callbacks, and nobody else', () => {
  const documents = synthesize('prod');
  const functions = Object.entries(documents.resources('AWS::Lambda::Function'));
  const told = functions.filter(([, { Properties }]) => JSON.stringify(Properties).includes('CALLBACK_QUEUE_URL'));
  const names = told.map(([id]) => id.replace(/Function.*/, ''));
  expect(names.toSorted()).toEqual([
    'ContractAnalystDeadLettersBurial',
    'ContractAnalystSweeperSweep',
    'ContractAnalystWorker',
  ]);
});
