import { expect, test } from 'vitest';
import { readUsage, writeUsage } from '../../src/iam/usage.ts';
import { temporaryFolder } from '../../testing/serve.ts';
import { iamWith, queueArn, send, WORKER } from './support.ts';

const createIam = () =>
  iamWith({
    Effect: 'Allow',
    Action: ['sqs:SendMessage', 'sqs:PurgeQueue'],
    Resource: [queueArn('a'), queueArn('b')],
  });

test('use is counted per granted action and resource, across starts', () => {
  const folder = temporaryFolder();
  expect(readUsage(folder)).toBeUndefined();
  for (const name of ['a', 'a', 'b']) {
    const iam = createIam();
    iam.assume(
      WORKER.principal,
      'lambda.amazonaws.com',
      'Stack/Worker',
      'arn:aws:lambda:us-east-1:000000000000:function:w',
    );
    iam.authorize('sqs', 'SendMessage', send(name), WORKER);
    writeUsage(folder, iam.usage());
  }
  const grant = (action: string, name: string, used: number) => ({
    statement: 'Stack/Policy Statement[0]',
    action: `sqs:${action}`,
    resource: queueArn(name),
    used,
  });
  expect(readUsage(folder)).toEqual([
    {
      role: 'Stack/Role',
      name: 'worker',
      owners: ['Stack/Worker'],
      grants: [
        grant('SendMessage', 'a', 2),
        grant('SendMessage', 'b', 1),
        grant('PurgeQueue', 'a', 0),
        grant('PurgeQueue', 'b', 0),
      ],
      refused: [],
    },
  ]);
});

test('a denied call uses no grant and is reported as refused until the next start', () => {
  const iam = createIam();
  expect(() => iam.authorize('sqs', 'SendMessage', send('c'), WORKER)).toThrow('is not authorized');
  expect(() => iam.authorize('sqs', 'SendMessage', send('c'), WORKER)).toThrow('is not authorized');
  expect(iam.usage()[0]?.grants.every(({ used }) => used === 0)).toBe(true);
  const folder = temporaryFolder();
  writeUsage(folder, iam.usage());
  expect(readUsage(folder)?.[0]?.refused).toEqual([{ action: 'sqs:SendMessage', resource: queueArn('c'), calls: 2 }]);
  writeUsage(folder, createIam().usage());
  expect(readUsage(folder)?.[0]?.refused).toEqual([]);
});

test('a secret is found by its name, and an index is a separate resource from its table', () => {
  const secret = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:fleet/key-AbCdEf';
  const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/tasks';
  const iam = iamWith(
    { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secret },
    { Effect: 'Allow', Action: 'dynamodb:Query', Resource: table },
  );
  iam.authorize('secretsmanager', 'GetSecretValue', { SecretId: 'fleet/key' }, WORKER);
  iam.authorize('dynamodb', 'Query', { TableName: 'tasks' }, WORKER);
  expect(() => iam.authorize('dynamodb', 'Query', { TableName: 'tasks', IndexName: 'run' }, WORKER)).toThrow(
    '/index/run',
  );
});
