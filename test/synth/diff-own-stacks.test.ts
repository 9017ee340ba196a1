import { expect, test } from 'vitest';
import { accessIn, changedPermissions } from '#lib/diff/access-of-template.ts';
import { settingsOfShipped, SHIPPED } from '../support/examples.ts';
import { everyStack } from './every-stack.ts';

const EVERYTHING = {
  kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/k',
  alarmTopicArn: 'arn:aws:sns:us-east-1:111122223333:t',
  ...settingsOfShipped({ 'documents.notificationEmail': 'a@example.com' }),
};
const BOUNDARY = { permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/b' };

const prod = await everyStack('prod', EVERYTHING);
const linesOf = (stacks: typeof prod) =>
  Object.entries(stacks).flatMap(([name, stack]) => [...accessIn(name, stack).grants]);

test('the grants of our own stacks are found, and all their types are known', () => {
  const lines = linesOf(prod);
  expect(lines.length).toBeGreaterThan(200);
  expect(lines.some((line) => line.includes('secretsmanager:GetSecretValue'))).toBe(true);
  // S3 announces the uploads of documents.
  const announced = lines.some((line) => line.includes('sqs:SendMessage') && line.includes('s3.amazonaws.com'));
  expect(announced).toBe(SHIPPED.includes('documents'));
  expect(lines.filter((line) => /does not know|cannot read/.test(line))).toEqual([]);
});

test('the same stacks have nothing to review', async () => {
  const again = await everyStack('prod', EVERYTHING);
  for (const [name, stack] of Object.entries(prod))
    expect(changedPermissions(name, stack, again[name])).toEqual({ widened: [], narrowed: [] });
});

test('a boundary that is removed is found for every role', async () => {
  const bounded = await everyStack('prod', { ...EVERYTHING, ...BOUNDARY });
  for (const [name, stack] of Object.entries(bounded)) {
    const roles = Object.values(stack.Resources).filter(({ Type }) => Type === 'AWS::IAM::Role').length;
    const { widened } = changedPermissions(name, stack, prod[name]);
    expect(widened.filter((line) => line.includes('PermissionsBoundary'))).toHaveLength(roles);
  }
});
