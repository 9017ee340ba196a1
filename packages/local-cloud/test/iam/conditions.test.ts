import { describe, expect, test } from 'vitest';
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

describe('dynamodb:LeadingKeys', () => {
  const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/items';
  const iam = iamWith({
    Effect: 'Allow',
    Action: ['dynamodb:*'],
    Resource: [table, `${table}/index/*`],
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ALERT#*', 'PORTFOLIOS'] } },
  });
  iam.addTable(table, 'pk');
  const own = { pk: { S: 'ALERT#core' }, sk: { S: 'x' } };
  const other = { pk: { S: 'RULES' }, sk: { S: 'ALERT#core' } };
  const query = (pk: string, more: object = {}) => ({
    KeyConditionExpression: 'sk = :sk AND #p = :pk',
    ExpressionAttributeNames: { '#p': 'pk' },
    ExpressionAttributeValues: { ':pk': { S: pk }, ':sk': { S: 'ALERT#core' } },
    ...more,
  });
  const batch = (...Keys: readonly object[]) => ({ RequestItems: { items: { Keys } } });
  const writes = (...items: readonly object[]) => ({ RequestItems: { [table]: items } });

  test.each([
    ['GetItem', { Key: own }, true],
    ['GetItem', { Key: other }, false],
    ['GetItem', { Key: {} }, false],
    ['PutItem', { Item: own }, true],
    ['PutItem', { Item: other }, false],
    ['UpdateItem', { Key: other }, false],
    ['DeleteItem', { Key: other }, false],
    ['Query', query('PORTFOLIOS'), true],
    ['Query', query('RULES'), false],
    ['Query', query('PORTFOLIOS', { IndexName: 'attention' }), false],
    ['Query', { KeyConditions: {} }, false],
    ['BatchGetItem', batch(own, own), true],
    ['BatchGetItem', batch(own, other), false],
    ['BatchWriteItem', writes({ PutRequest: { Item: own } }, { DeleteRequest: { Key: own } }), true],
    ['BatchWriteItem', writes({ PutRequest: { Item: own } }, { DeleteRequest: { Key: other } }), false],
    // As on AWS: a scan names no key.
    ['Scan', {}, true],
  ])('%s of %j: %s', (action, input, allowed) => {
    let denied = '';
    try {
      iam.authorize('dynamodb', action, { TableName: 'items', ...input }, WORKER);
    } catch (error) {
      denied = String(error);
    }
    expect(denied).toMatch(allowed ? /^$/ : /not authorized/);
  });

  test('needs an operator on each of its values', () => {
    expect(() => compileCondition('StringLike', 'dynamodb:LeadingKeys', ['x'])).toThrow(/Use ForAllValues/);
    expect(() => compileCondition('ForAllValues:StringLike', 'aws:SourceArn', ['x'])).toThrow(
      /operator .* not supported/,
    );
  });
});
