import { expect, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { judgeWith, queueArn, send, WORKER } from './support.ts';

const allow = { Effect: 'Allow', Action: 'sqs:*', Resource: '*' };

test('nothing is allowed that no statement allows', () => {
  const iam = judgeWith();
  expect(() => iam.judge('sqs', 'SendMessage', send('work'), WORKER)).toThrow('is not authorized to perform');
});

test('a deny wins over an allow, whichever comes first, and is named', () => {
  const deny = { Effect: 'Deny', Action: 'sqs:SendMessage', Resource: queueArn('secret') };
  for (const iam of [judgeWith(allow, deny), judgeWith(deny, allow)]) {
    iam.judge('sqs', 'SendMessage', send('work'), WORKER);
    expect(() => iam.judge('sqs', 'SendMessage', send('secret'), WORKER)).toThrow(
      /with an explicit deny in a policy: Stack\/Policy Statement\[[01]\]\.$/,
    );
  }
});

test('NotAction and NotResource cover all but what they name', () => {
  const iam = judgeWith(
    { Effect: 'Allow', NotAction: 'sqs:Delete*', Resource: queueArn('work') },
    { Effect: 'Deny', Action: '*', NotResource: queueArn('work') },
  );
  iam.judge('sqs', 'SendMessage', send('work'), WORKER);
  expect(() => iam.judge('sqs', 'DeleteMessage', send('work'), WORKER)).toThrow('no identity-based policy');
  expect(() => iam.judge('sqs', 'SendMessage', send('other'), WORKER)).toThrow('explicit deny');
});

test('the machine’s own user is not judged', () => {
  const iam = judgeWith({ Effect: 'Deny', Action: '*', Resource: '*' });
  expect(() => iam.judge('sqs', 'SendMessage', send('work'), ROOT)).not.toThrow();
});
