import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lostData } from '#lib/diff/lost-data.ts';
import { changedPermissions, permissionsIn } from '#lib/diff/permissions.ts';
import type { Template } from '#lib/diff/read-templates.ts';
import { everyStack } from './every-stack.ts';

const template = (Type: string, Properties: Record<string, unknown> = {}): Template => ({
  Resources: { Thing: { Type, Properties } },
});
const table = (key: string) => template('AWS::DynamoDB::Table', { KeySchema: [{ AttributeName: key }] });

describe('data that a deploy would lose', () => {
  it.each<[string, Template | undefined, string[]]>([
    ['the same table', table('pk'), []],
    ['another key', table('id'), ['s: AWS::DynamoDB::Table Thing is replaced: KeySchema changes']],
    ['no table', { Resources: {} }, ['s: AWS::DynamoDB::Table Thing is removed']],
    ['no stack', undefined, ['s: AWS::DynamoDB::Table Thing is removed']],
    ['a queue', template('AWS::SQS::Queue'), ['s: AWS::DynamoDB::Table Thing is replaced by AWS::SQS::Queue']],
  ])('%s', (_, after, found) => {
    expect(lostData('s', table('pk'), after)).toEqual(found);
  });

  it('a function may be removed', () => {
    expect(lostData('s', template('AWS::Lambda::Function'), { Resources: {} })).toEqual([]);
  });
});

describe('permissions that a deploy changes', () => {
  const policy = (...Statement: object[]) => template('AWS::IAM::Policy', { PolicyDocument: { Statement } });
  const allow = (Action: unknown, Resource: unknown = 'arn:a') => ({ Effect: 'Allow', Action, Resource });
  const change = (before: Template, after: Template) =>
    changedPermissions(permissionsIn('s', before), permissionsIn('s', after));

  it.each<[string, Template, Template, number, number]>([
    ['the same in another order', policy(allow(['a', 'b'])), policy(allow(['b', 'a'])), 0, 0],
    ['one action as a list', policy(allow('a')), policy(allow(['a'])), 0, 0],
    ['another action', policy(allow('a')), policy(allow(['a', 'b'])), 1, 0],
    ['another resource', policy(allow('a')), policy(allow('a', ['arn:a', 'arn:b'])), 1, 0],
    ['everything', policy(allow('a')), policy(allow('a', '*')), 1, 1],
    ['an action less', policy(allow(['a', 'b'])), policy(allow('a')), 0, 1],
    ['no condition any more', policy({ ...allow('a'), Condition: { x: 1 } }), policy(allow('a')), 1, 1],
    ['a ban that is gone', policy({ ...allow('a'), Effect: 'Deny' }), policy(), 1, 0],
    ['a new ban', policy(allow('a')), policy(allow('a'), { ...allow('b'), Effect: 'Deny' }), 0, 0],
    [
      'a managed policy',
      template('AWS::IAM::Role'),
      template('AWS::IAM::Role', { ManagedPolicyArns: ['arn:p'] }),
      1,
      0,
    ],
    [
      'a caller',
      template('AWS::Lambda::Permission', { Principal: 'a' }),
      template('AWS::Lambda::Permission', { Principal: '*' }),
      1,
      1,
    ],
  ])('%s', (_, before, after, widened, narrowed) => {
    const changed = change(before, after);
    expect([changed.widened.length, changed.narrowed.length]).toEqual([widened, narrowed]);
  });

  it('finds the grants of our own stacks', async () => {
    const stacks = await everyStack('dev');
    const lines = Object.entries(stacks).flatMap(([name, stack]) => [...permissionsIn(name, stack)]);
    expect(lines.length).toBeGreaterThan(200);
    expect(lines.some((line) => line.includes('secretsmanager:GetSecretValue'))).toBe(true);
    expect(lines.some((line) => line.includes('sqs:SendMessage') && line.includes('s3.amazonaws.com'))).toBe(true);
  });
});

describe('npm run check:diff', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fleet-diff-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const run = (...args: string[]) => spawnSync(process.execPath, ['bin/check-diff.ts', ...args], { encoding: 'utf8' });

  it('exits with 0 for the same templates', () => {
    writeFileSync(join(folder, 'a.template.json'), JSON.stringify(table('pk')));
    expect(run(folder, folder)).toMatchObject({ status: 0, stdout: expect.stringContaining('lost: none') as string });
  });

  it('exits with 1 when a stack with data is gone', () => {
    const empty = mkdtempSync(join(tmpdir(), 'fleet-diff-'));
    writeFileSync(join(folder, 'a.template.json'), JSON.stringify(table('pk')));
    const { status, stdout } = run(folder, empty, '--json');
    rmSync(empty, { recursive: true });
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ lost: ['a: AWS::DynamoDB::Table Thing is removed'] });
  });

  it('exits with 2 and the remedy for what is no template', () => {
    writeFileSync(join(folder, 'a.template.json'), 'no JSON');
    const { status, stderr } = run(folder, folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(/a\.template\.json is not a CloudFormation template in JSON\.\nGive a folder/);
  });
});
