import { Construct } from 'constructs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { PlatformPool } from '#lib/platform.ts';
import { EchoStack } from '../systems/echo/stack.ts';
import { ParrotStack } from '../systems/parrot/stack.ts';
import { quickApp, removeFolder, synthesizeStack, type Resource, type Synthesized } from './synthesize.ts';

const policySchema = z.object({
  PolicyDocument: z.object({
    Statement: z.array(z.object({ Action: z.array(z.string()), Resource: z.array(z.unknown()) })),
  }),
});
const statementsOf = ({ Properties }: Resource) => policySchema.parse(Properties).PolicyDocument.Statement;
/** The last part of an ARN, which may be built by CloudFormation. */
const nameOf = (arn: unknown): string => /:([^:"]*)"[\]}]*$/.exec(JSON.stringify(arn))?.[1] ?? '';

function echoBeside(...others: Parameters<ReturnType<typeof quickApp>['add']>[0][]): Synthesized {
  const app = quickApp('dev');
  const [echo] = app.add(EchoStack);
  for (const other of others) app.add(other);
  if (echo === undefined) throw new Error('The app has no echo stack.');
  return synthesizeStack(app, echo);
}

test('what ends tasks may send to the queues of each pool, even if its stack is added later, and to no other queue', () => {
  const echo = echoBeside(ParrotStack);
  const statements = statementsOf(echo.resource('AWS::IAM::ManagedPolicy'));
  for (const { Action } of statements) expect(Action).toEqual(['sqs:GetQueueUrl', 'sqs:SendMessage']);
  expect(statements.flatMap(({ Resource }) => Resource.map(nameOf)).toSorted()).toEqual([
    'fleet-dev-echo-default',
    'fleet-dev-echo-high',
    'fleet-dev-parrot-default',
    'fleet-dev-parrot-high',
  ]);
  const roles = Object.entries(echo.resources('AWS::IAM::Role'));
  for (const id of ['EchoWorkerRole', 'EchoSweeperSweepRole', 'EchoDeadLettersBurialRole']) {
    const [, role] = roles.find(([name]) => name.startsWith(id)) ?? [];
    expect(JSON.stringify(role?.Properties['ManagedPolicyArns'])).toContain('PoolSendersPolicy1');
  }
  expect(JSON.stringify(echo.resources('AWS::IAM::Policy'))).not.toContain('parrot');
});

test("an agent more adds no resource to another system's stack, and makes no role longer", () => {
  const [alone, beside] = [echoBeside(), echoBeside(ParrotStack)].map((echo) => [
    Object.keys(echo.resources('AWS::IAM::ManagedPolicy')),
    echo.resources('AWS::IAM::Policy'),
    echo.resources('AWS::IAM::Role'),
  ]);
  expect(beside).toEqual(alone);
});

test('of many pools with long names, each policy stays within the 6,144 characters of IAM, and roles have them all', () => {
  const app = quickApp('dev', { prefix: 'p'.repeat(30), regions: ['us-gov-west-1'] });
  const [echo] = app.add(EchoStack);
  const platform = app.platform('us-gov-west-1');
  if (echo === undefined) throw new Error('The app has no echo stack.');
  for (let index = 0; index < 60; index += 1) {
    // SQS allows 80 characters, of which `-dead-letters` takes 13.
    const name = `agent-${index}`.padEnd(36, 'x');
    platform.addPool(
      Object.assign(new Construct(platform, name), { agent: { name, tools: [] } }) as unknown as PlatformPool,
    );
  }
  const stack = synthesizeStack(app, echo);
  const policies = Object.values(stack.resources('AWS::IAM::ManagedPolicy'));
  expect(policies).toHaveLength(3);
  expect(policies.flatMap(statementsOf).flatMap(({ Resource }) => Resource)).toHaveLength(2 * 61);
  for (const { Properties } of policies) expect(charactersOf(Properties['PolicyDocument'])).toBeLessThan(6_144);
  const role = stack.resource('AWS::IAM::Role', 'EchoWorkerRole');
  expect(JSON.stringify(role.Properties['ManagedPolicyArns']).match(/PoolSendersPolicy/g)).toHaveLength(3);
});

/** As IAM counts them, once CloudFormation has filled in the account and the partition of GovCloud. */
function charactersOf(document: unknown): number {
  const filled = JSON.stringify(document)
    .replaceAll('{"Ref":"AWS::AccountId"}', '"123456789012"')
    .replaceAll('{"Ref":"AWS::Partition"}', '"aws-us-gov"');
  expect(filled).toContain('aws-us-gov');
  return filled.replace(/\{"Fn::Join":\["",\[(.*?)\]\]\}/g, (_, parts: string) => `"${parts.replaceAll(/[",]/g, '')}"`)
    .length;
}

test('pools find each other by name, so their stacks do not depend on each other', () => {
  const app = quickApp('dev');
  const [echo] = app.add(EchoStack);
  const [parrot] = app.add(ParrotStack);
  if (echo === undefined || parrot === undefined) throw new Error('The app has no echo or parrot stack.');
  app.synth();
  removeFolder(app.outdir);
  expect(echo.dependencies).not.toContain(parrot);
  expect(parrot.dependencies).not.toContain(echo);
});
