import { describe, expect, it } from 'vitest';
import type { Template } from '#lib/diff/read-templates.ts';
import { allow, counts, only, policy } from '../support/diffed-templates.ts';

describe('statements of policies', () => {
  const all = { Effect: 'Allow', Resource: '*' };
  const by = (Principal: unknown, rest: object = {}) =>
    only('AWS::SQS::QueuePolicy', {
      PolicyDocument: { Statement: { Effect: 'Allow', Action: 'a', Principal, ...rest } },
    });
  /** A policy whose account is filled in, so that CDK writes it as parts of a text. */
  const assembled = (by: 'Fn::Join' | 'Fn::Sub', principal: string): Template => {
    const account = { Ref: 'AWS::AccountId' };
    const parts = ['{"Statement":[{"Effect":"Allow","Resource":"', account, `","Principal":"${principal}"}]}`];
    const text =
      by === 'Fn::Join'
        ? ['', parts]
        : [parts.map((part) => (typeof part === 'string' ? part : '${a}')).join(''), { a: account }];
    return only('AWS::Logs::ResourcePolicy', { PolicyDocument: { [by]: text } });
  };
  it.each<[string, Template, Template, number, number]>([
    ['the same in another order', policy(allow(['a', 'b'])), policy(allow(['b', 'a'])), 0, 0],
    ['one action as a list', policy(allow('a')), policy(allow(['a'])), 0, 0],
    ['another action', policy(allow('a')), policy(allow(['a', 'b'])), 1, 0],
    ['another resource', policy(allow('a')), policy(allow('a', ['arn:a', 'arn:b'])), 1, 0],
    ['everything', policy(allow('a')), policy(allow('a', '*')), 1, 1],
    ['an action less', policy(allow(['a', 'b'])), policy(allow('a')), 0, 1],
    ['no condition any more', policy({ ...allow('a'), Condition: { x: 1 } }), policy(allow('a')), 1, 1],
    [
      'a condition in another order',
      policy({ ...allow('a'), Condition: { x: 1, y: 2 } }),
      policy({ ...allow('a'), Condition: { y: 2, x: 1 } }),
      0,
      0,
    ],
    ['a ban that is gone', policy({ ...allow('a'), Effect: 'Deny' }), policy(), 1, 0],
    [
      'a ban with a condition',
      policy({ ...allow('a'), Effect: 'Deny' }),
      policy({ ...allow('a'), Effect: 'Deny', Condition: { x: 1 } }),
      1,
      0,
    ],
    ['a new ban', policy(allow('a')), policy(allow('a'), { ...allow('b'), Effect: 'Deny' }), 0, 0],
    ['a smaller NotAction', policy({ ...all, NotAction: ['a', 'b'] }), policy({ ...all, NotAction: ['a'] }), 1, 1],
    ['NotAction in place of Action', policy(allow('a')), policy({ ...all, NotAction: 'a' }), 1, 1],
    [
      'a smaller NotResource',
      policy({ Effect: 'Allow', Action: 'a', NotResource: ['x', 'y'] }),
      policy({ Effect: 'Allow', Action: 'a', NotResource: ['x'] }),
      1,
      1,
    ],
    ['another principal', by({ Service: 's3' }), by({ Service: ['s3', 'sns'] }), 1, 0],
    ['a principal less', by({ Service: ['s3', 'sns'] }), by({ Service: 's3' }), 0, 1],
    ['everybody', by({ AWS: '111122223333' }), by('*'), 1, 1],
    ['NotPrincipal', by({ AWS: 'a' }), by(undefined, { NotPrincipal: { AWS: 'a' } }), 1, 1],
    [
      'a statement that is switched by a condition',
      policy(allow('a')),
      policy({ 'Fn::If': ['X', allow('*'), allow('a')] }),
      1,
      1,
    ],
    ['a part of a statement that is unknown', policy(allow('a')), policy({ ...allow('a'), Extra: 1 }), 1, 1],
    [
      'a policy as text',
      only('AWS::Logs::ResourcePolicy', { PolicyDocument: JSON.stringify({ Statement: [allow('a')] }) }),
      only('AWS::Logs::ResourcePolicy', { PolicyDocument: JSON.stringify({ Statement: [allow(['a', 'b'])] }) }),
      1,
      0,
    ],
    ...(['Fn::Join', 'Fn::Sub'] as const).map((by): [string, Template, Template, number, number] => [
      `a policy as text by ${by}, in a part without its statement`,
      assembled(by, 'logs.amazonaws.com'),
      assembled(by, '*'),
      1,
      1,
    ]),
  ])('%s', (_, before, after, widened, narrowed) => {
    expect(counts(before, after)).toEqual([widened, narrowed]);
  });

  it('characters outside ASCII are what CloudFormation returns for them', () => {
    expect(counts(policy(allow('a', 'arn:?')), policy(allow('a', 'arn:’')))).toEqual([0, 0]);
  });

  it('a ban ends with what it protects', () => {
    const banned = (Resources: Template['Resources']): Template => ({ Resources });
    const queue = { Type: 'AWS::SQS::Queue', Properties: {} };
    const ban = {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Queue' }],
        PolicyDocument: { Statement: [{ Effect: 'Deny', Action: 'a', Principal: '*' }] },
      },
    };
    expect(counts(banned({ queue, Queue: queue, ban }), banned({ queue }))[0]).toBe(0);
    expect(counts(banned({ queue, Queue: queue, ban }), banned({ queue, Queue: queue }))[0]).toBe(1);
  });
});
