import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lostData } from '#lib/diff/lost-data.ts';
import { deployedTemplates, stacksOf } from '#lib/diff/deployed-templates.ts';
import type { Template } from '#lib/diff/read-templates.ts';
import { AssistantStack } from '#systems/assistant/stack.ts';
import { quickApp, removeFolder } from './synthesize.ts';

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

  it.each<[string, string, Record<string, unknown>, Record<string, unknown>, string]>([
    ['deletion protection', 'AWS::DynamoDB::Table', { DeletionProtectionEnabled: true }, {}, 'deletion protection'],
    [
      'deletion protection of a copy',
      'AWS::DynamoDB::GlobalTable',
      { Replicas: [{ Region: 'a', DeletionProtectionEnabled: true }] },
      { Replicas: [{ Region: 'a' }] },
      'deletion protection in "a"',
    ],
    [
      'point-in-time recovery',
      'AWS::DynamoDB::Table',
      { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
      { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } },
      'point-in-time recovery',
    ],
    [
      'a copy in a region',
      'AWS::DynamoDB::GlobalTable',
      { Replicas: [{ Region: 'a' }, { Region: 'b' }] },
      { Replicas: [{ Region: 'a' }] },
      'a copy in "b"',
    ],
    ['time to live', 'AWS::DynamoDB::Table', {}, { TimeToLiveSpecification: { Enabled: true } }, 'may expire earlier'],
    ['versions', 'AWS::S3::Bucket', { VersioningConfiguration: { Status: 'Enabled' } }, {}, 'versions'],
    ['object lock', 'AWS::S3::Bucket', { ObjectLockConfiguration: { Rule: 1 } }, {}, 'object lock'],
    [
      'a rule that deletes',
      'AWS::S3::Bucket',
      {},
      { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 1 }] } },
      'may expire earlier',
    ],
    ['a queue’s retention', 'AWS::SQS::Queue', {}, { MessageRetentionPeriod: 60 }, '60 instead of 345600'],
    ['logs', 'AWS::Logs::LogGroup', {}, { RetentionInDays: 7 }, '7 instead of Infinity'],
    ['a key that is disabled', 'AWS::KMS::Key', { Enabled: true }, { Enabled: false }, 'it is enabled'],
  ])('weaker protection: %s', (_, type, before, after, expected) => {
    expect(lostData('s', template(type, before), template(type, after))).toEqual([
      expect.stringContaining(expected) as string,
    ]);
    expect(lostData('s', template(type, before), template(type, before))).toEqual([]);
  });

  it('a resource that is no longer kept with its stack', () => {
    const kept = (policy: string): Template => ({
      Resources: {
        Thing: { Type: 'AWS::S3::Bucket', Properties: {}, DeletionPolicy: policy, UpdateReplacePolicy: policy },
      },
    });
    expect(lostData('s', kept('Retain'), kept('Delete'))).toHaveLength(2);
    expect(lostData('s', kept('Delete'), kept('RetainExceptOnCreate'))).toEqual([]);
  });
});

describe('the deployed templates', () => {
  const place = (region: string) => ({ id: `fleet-api-${region}`, stackName: 'fleet-api', region });
  const text = JSON.stringify(table('pk'));
  const read = (statuses: Readonly<Record<string, string | undefined>>) =>
    deployedTemplates(Object.keys(statuses).map(place), {
      status: ({ region }) => Promise.resolve(statuses[region]),
      template: () => Promise.resolve(text),
    });

  it('are read in every region', async () => {
    expect([...(await read({ a: 'UPDATE_COMPLETE', b: 'UPDATE_ROLLBACK_COMPLETE' })).keys()]).toEqual([
      'fleet-api-a',
      'fleet-api-b',
    ]);
  });

  it.each([undefined, 'REVIEW_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED'])(
    'leave out a stack that was never deployed: %s',
    async (status) => {
      expect((await read({ a: status })).size).toBe(0);
    },
  );

  it('are not guessed when they cannot be read', async () => {
    const denied = deployedTemplates([place('a')], {
      status: () => Promise.resolve('UPDATE_COMPLETE'),
      template: () => Promise.resolve('Resources: {}'),
    });
    await expect(denied).rejects.toThrow('The template of fleet-api is not a CloudFormation template in JSON.');
  });

  it('belong to the stacks that cdk synth wrote, with their regions', () => {
    const app = quickApp('dev', { regions: 'us-east-1,eu-west-1,ap-northeast-1' });
    app.add(AssistantStack);
    const { directory } = app.synth();
    const stacks = stacksOf(directory);
    removeFolder(directory);
    expect(stacks).toContainEqual({
      id: 'fleet-dev-assistant-eu-west-1',
      stackName: 'fleet-dev-assistant',
      region: 'eu-west-1',
    });
    // Six in each region, and what they have in common.
    expect(stacks).toHaveLength(19);
    expect(() => stacksOf(directory)).toThrow(/is not a folder that cdk synth wrote/);
  });
});

describe('npm run check:diff', () => {
  let deployed: string;
  let next: string;
  beforeEach(() => {
    deployed = mkdtempSync(join(tmpdir(), 'fleet-diff-'));
    next = mkdtempSync(join(tmpdir(), 'fleet-diff-'));
  });
  afterEach(() => {
    for (const folder of [deployed, next]) rmSync(folder, { recursive: true });
  });
  const put = (folder: string, name: string, content: unknown) =>
    writeFileSync(join(folder, `${name}.template.json`), JSON.stringify(content));
  const run = (...args: string[]) => spawnSync(process.execPath, ['bin/check-diff.ts', ...args], { encoding: 'utf8' });
  const check = (...args: string[]) => run(next, '--deployed', deployed, ...args);

  it('exits with 0 for the same templates', () => {
    for (const folder of [deployed, next]) put(folder, 'a', table('pk'));
    expect(check()).toMatchObject({ status: 0, stdout: expect.stringContaining('lost: none') as string });
  });

  it('exits with 1 when a stack with data is gone', () => {
    put(deployed, 'a', table('pk'));
    const { status, stdout } = check('--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ lost: ['a: AWS::DynamoDB::Table Thing is removed'], reviewed: false });
  });

  it('accepts exactly the findings that were reviewed', () => {
    const role = (ManagedPolicyArns: string[]) => template('AWS::IAM::Role', { ManagedPolicyArns });
    put(next, 'a', role(['x']));
    const code = /--reviewed ([0-9a-f]{12})/.exec(check().stdout)?.[1] ?? 'none';
    expect(check('--reviewed', `0123456789ab ${code}`)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`Reviewed: ${code}.`) as string,
    });
    put(next, 'a', role(['x', 'y']));
    expect(check('--reviewed', code).status).toBe(1);
    expect(check('--reviewed', '').status).toBe(1);
    expect(check('--reviewed', 'any').status).toBe(0);
  });

  it('finds the same in another order', () => {
    put(next, 'a', template('AWS::IAM::Role', { ManagedPolicyArns: ['x', 'y'] }));
    const { code } = JSON.parse(check('--json').stdout) as { code: string };
    put(next, 'a', template('AWS::IAM::Role', { ManagedPolicyArns: ['y', 'x'] }));
    expect(JSON.parse(check('--json').stdout)).toMatchObject({ code });
  });

  it('exits with 2 and the remedy for what is no template, and for a folder that cdk synth did not write', () => {
    writeFileSync(join(next, 'a.template.json'), 'no JSON');
    const { status, stderr } = check();
    expect(status).toBe(2);
    expect(stderr).toMatch(/a\.template\.json is not a CloudFormation template in JSON\.\nGive the folder/);
    put(next, 'a', {});
    expect(run(next)).toMatchObject({ status: 2, stderr: expect.stringContaining('cdk synth') as string });
    expect(run().status).toBe(2);
  });
});
