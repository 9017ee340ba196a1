import { expect, test } from 'vitest';
import { actionPattern, arnPattern } from '../../src/iam/pattern.ts';

test.each([
  ['sqs:SendMessage', 'sqs:SendMessage', true],
  ['SQS:sendmessage', 'sqs:SendMessage', true],
  ['sqs:*', 'sqs:DeleteMessage', true],
  ['sqs:Send*', 'sqs:DeleteMessage', false],
  ['s3:?etObject', 's3:GetObject', true],
  ['s3:GetObject', 's3:GetObjectVersion', false],
  ['*', 'dynamodb:PutItem', true],
])('the action pattern %s over %s: %s', (pattern, action, expected) => {
  expect(actionPattern(pattern)(action)).toBe(expected);
});

test.each([
  ['*', 'arn:aws:s3:::bucket/key', true],
  ['arn:aws:s3:::bucket/runs/*', 'arn:aws:s3:::bucket/runs/1/a:b.json', true],
  ['arn:aws:s3:::bucket/runs/*', 'arn:aws:s3:::bucket/uploads/1', false],
  ['arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/key', false],
  ['arn:aws:s3:::Bucket/*', 'arn:aws:s3:::bucket/key', false],
  ['arn:aws:s3:::a.b/(x)+', 'arn:aws:s3:::a.b/(x)+', true],
  ['arn:aws:s3:::a.b', 'arn:aws:s3:::aXb', false],
  [
    'arn:aws:secretsmanager:us-east-1:1:secret:key-??????',
    'arn:aws:secretsmanager:us-east-1:1:secret:key-AbCdEf',
    true,
  ],
  [
    'arn:aws:secretsmanager:us-east-1:1:secret:key-??????',
    'arn:aws:secretsmanager:us-east-1:1:secret:key-AbCdEfG',
    false,
  ],
  // A wildcard stays within its part of the ARN.
  ['arn:aws:sqs:*:queue', 'arn:aws:sqs:us-east-1:1:queue', false],
  ['arn:aws:sqs:*:*:queue', 'arn:aws:sqs:us-east-1:1:queue', true],
])('the resource pattern %s over %s: %s', (pattern, arn, expected) => {
  expect(arnPattern(pattern)(arn)).toBe(expected);
});

test('a pattern with many wildcards takes no longer than its text allows', () => {
  const pattern = arnPattern(`arn:aws:s3:::bucket/${'*a'.repeat(40)}b`);
  expect(pattern(`arn:aws:s3:::bucket/${'a'.repeat(1000)}`)).toBe(false);
  expect(pattern(`arn:aws:s3:::bucket/${'a'.repeat(1000)}b`)).toBe(true);
});
