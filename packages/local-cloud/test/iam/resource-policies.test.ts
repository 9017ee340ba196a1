import { expect, test } from 'vitest';
import type { Caller } from '../../src/services/service.ts';
import { iamWith, queueArn, ROLE, send, WORKER } from './support.ts';

const s3 = (bucket: string): Caller => ({
  accessKeyId: 's3.amazonaws.com',
  principal: 's3.amazonaws.com',
  source: `arn:aws:s3:::${bucket}`,
});
const statement = (more: object) => ({
  Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn('work'), ...more }],
});

test('a service is allowed only by the policy of the resource, for the source that it names', () => {
  const iam = iamWith({ Effect: 'Allow', Action: '*', Resource: '*' });
  expect(() => iam.authorize('sqs', 'SendMessage', send('work'), s3('artifacts'))).toThrow(
    'User: s3.amazonaws.com is not authorized to perform: sqs:SendMessage on resource: ' +
      `${queueArn('work')} because no resource-based policy allows the sqs:SendMessage action: add to the policy of ` +
      `${queueArn('work')}: {"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sqs:SendMessage",` +
      `"Resource":"${queueArn('work')}","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::artifacts"}}}`,
  );
  const Condition = { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::artifacts' } };
  const document = statement({ Principal: { Service: 's3.amazonaws.com' }, Condition });
  iam.addResourcePolicy(queueArn('work'), document, 'Stack/QueuePolicy');
  iam.authorize('sqs', 'SendMessage', send('work'), s3('artifacts'));
  expect(() => iam.authorize('sqs', 'SendMessage', send('work'), s3('other'))).toThrow('no resource-based policy');
});

test('a role is allowed by its own policies or those of the resource, unless one denies', () => {
  const iam = iamWith();
  iam.addResourcePolicy(queueArn('work'), statement({ Principal: { AWS: ROLE } }), 'Stack/QueuePolicy');
  iam.authorize('sqs', 'SendMessage', send('work'), WORKER);
  const deny = statement({ Effect: 'Deny', Action: 'sqs:*', Principal: { AWS: '*' } });
  iam.addResourcePolicy(queueArn('work'), deny, 'Stack/Shut');
  expect(() => iam.authorize('sqs', 'SendMessage', send('work'), WORKER)).toThrow(
    'explicit deny in a policy: Stack/Shut',
  );
});

test('allowing an account leaves the decision to the policies of its roles', () => {
  const iam = iamWith();
  const principal = { AWS: 'arn:aws:iam::000000000000:root' };
  iam.addResourcePolicy(queueArn('work'), statement({ Principal: principal }), 'Stack/QueuePolicy');
  expect(() => iam.authorize('sqs', 'SendMessage', send('work'), WORKER)).toThrow('no identity-based policy');
});

test('calls to this machine count as secure, so enforceSSL denies none', () => {
  const iam = iamWith({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' });
  const enforce = { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
  iam.addResourcePolicy(queueArn('work'), statement(enforce), 'Stack/QueuePolicy');
  expect(() => iam.authorize('sqs', 'SendMessage', send('work'), WORKER)).not.toThrow();
});
