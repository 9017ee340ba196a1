import { expect, test } from 'vitest';
import { compileCondition } from '../../src/iam/condition.ts';
import { iamWith, WORKER } from './support.ts';

const context = { 'aws:securetransport': 'true', 'aws:sourcearn': 'arn:aws:s3:::artifacts', 'aws:sourceaccount': '1' };

test.each([
  ['Bool', 'aws:SecureTransport', ['false'], false],
  ['Bool', 'AWS:securetransport', ['true'], true],
  ['ArnLike', 'aws:SourceArn', ['arn:aws:s3:::art*'], true],
  ['ArnNotLike', 'aws:SourceArn', ['arn:aws:s3:::art*'], false],
  ['StringEquals', 'aws:SourceAccount', ['2', '1'], true],
  ['StringNotEquals', 'aws:SourceAccount', ['2', '1'], false],
  ['StringLike', 'aws:SourceAccount', ['?'], true],
  // A key that the request does not have.
  ['StringEquals', 'aws:PrincipalArn', ['x'], false],
  ['StringEqualsIfExists', 'aws:PrincipalArn', ['x'], true],
  ['StringNotEquals', 'aws:PrincipalArn', ['x'], true],
  ['Null', 'aws:PrincipalArn', ['true'], true],
  ['Null', 'aws:SourceArn', ['true'], false],
])('%s over %s with %j: %s', (operator, key, values, expected) => {
  expect(compileCondition(operator, key, values)(context)).toBe(expected);
});

const grant = (more: object) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more });

test.each([
  [
    grant({ Condition: { DateGreaterThan: { 'aws:SecureTransport': 'x' } } }),
    'the condition operator DateGreaterThan is not supported',
  ],
  [grant({ Condition: { StringEquals: { 's3:x-amz-acl': 'x' } } }), 'the condition key s3:x-amz-acl is not supported'],
  [grant({ Resource: 'arn:aws:s3:::home/${aws:username}/*' }), 'policy variables are not supported'],
  [grant({ Action: undefined }), 'has neither Action nor NotAction'],
])('an unsupported statement is rejected at the start and named: %j', (statement, reason) => {
  expect(() => iamWith(grant({}), statement)).toThrow(new RegExp(String.raw`^Stack/Policy Statement\[1\].*${reason}`));
});

test('a role that may send mail as one address may not send it as another one of the domain', () => {
  const iam = iamWith({
    Effect: 'Allow',
    Action: 'ses:SendEmail',
    Resource: 'arn:aws:ses:us-east-1:000000000000:identity/example.com',
    Condition: { StringEquals: { 'ses:FromAddress': 'brief@example.com' } },
  });
  const sends = (FromEmailAddress: string) => () => iam.authorize('ses', 'SendEmail', { FromEmailAddress }, WORKER);
  expect(sends('Competitor brief <brief@example.com>')).not.toThrow();
  expect(sends('boss@example.com')).toThrow(/not authorized/);
});
