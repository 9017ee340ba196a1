import { expect, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { iamWith, queueArn, send, WORKER } from './support.ts';

const allow = { Effect: 'Allow', Action: 'sqs:*', Resource: '*' };

test('a call is denied unless a statement allows it', () => {
  const iam = iamWith();
  expect(() => iam.authorize('sqs', 'SendMessage', send('work'), WORKER)).toThrow('is not authorized to perform');
});

test('a deny wins over an allow in either order and is named', () => {
  const deny = { Effect: 'Deny', Action: 'sqs:SendMessage', Resource: queueArn('secret') };
  for (const iam of [iamWith(allow, deny), iamWith(deny, allow)]) {
    iam.authorize('sqs', 'SendMessage', send('work'), WORKER);
    expect(() => iam.authorize('sqs', 'SendMessage', send('secret'), WORKER)).toThrow(
      /with an explicit deny in a policy: Stack\/Policy Statement\[[01]\]\.$/,
    );
  }
});

test('NotAction and NotResource cover everything except what they name', () => {
  const iam = iamWith(
    { Effect: 'Allow', NotAction: 'sqs:Delete*', Resource: queueArn('work') },
    { Effect: 'Deny', Action: '*', NotResource: queueArn('work') },
  );
  iam.authorize('sqs', 'SendMessage', send('work'), WORKER);
  expect(() => iam.authorize('sqs', 'DeleteMessage', send('work'), WORKER)).toThrow('no identity-based policy');
  expect(() => iam.authorize('sqs', 'SendMessage', send('other'), WORKER)).toThrow('explicit deny');
});

test('the machine’s own user may do everything', () => {
  const iam = iamWith({ Effect: 'Deny', Action: '*', Resource: '*' });
  expect(() => iam.authorize('sqs', 'SendMessage', send('work'), ROOT)).not.toThrow();
});
