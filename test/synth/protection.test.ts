import type { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { settingsOfShipped } from '../support/examples.ts';
import { everyStack, type StackTemplate } from './every-stack.ts';

const prod = await everyStack('prod');
const dev = await everyStack('dev');

/** What cannot be made again: data, and secrets that others have. */
const TABLES_AND_SECRETS: readonly string[] = [
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::SecretsManager::Secret',
];
const PRECIOUS = new Set([...TABLES_AND_SECRETS, 'AWS::S3::Bucket']);

const preciousOf = (stacks: Readonly<Record<string, StackTemplate>>) =>
  Object.values(stacks).flatMap(({ Resources }) =>
    Object.entries(Resources).filter(([, { Type }]) => PRECIOUS.has(Type)),
  );

test('where data is protected, deletion of a stack and of data and secrets is refused', () => {
  expect(Object.values(prod).map(({ terminationProtection }) => terminationProtection)).not.toContain(false);
  const kept = preciousOf(prod);
  expect(kept.length).toBeGreaterThan(5);
  for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of kept)
    expect({ id, DeletionPolicy, UpdateReplacePolicy }).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
});

test('dev can be deleted, except its buckets', () => {
  expect(Object.values(dev).map(({ terminationProtection }) => terminationProtection)).not.toContain(true);
  for (const [id, { DeletionPolicy }] of preciousOf(dev).filter(([, { Type }]) => TABLES_AND_SECRETS.includes(Type)))
    expect({ id, DeletionPolicy }).toEqual({ id, DeletionPolicy: 'Delete' });
});

test('references between stacks are exports and imports, which CloudFormation refuses to change while they are used', () => {
  const text = JSON.stringify(Object.values(prod).map(({ Resources }) => Resources));
  const weak = text.match(/"Fn::GetStackOutput":\{[^}]*\}/g) ?? [];
  // The ARN of an alias stays the same.
  expect(weak.filter((reference) => !reference.includes('Live'))).toEqual([]);
  const exported = Object.values(prod['platform']?.Outputs ?? {}).flatMap(
    (output) => JSON.stringify(output).match(/"Export":\{"Name":"[^"]+"/) ?? [],
  );
  const things = ['StateTable', 'AuditBucket', 'InputsBucket', 'ModelSecret', 'CallbacksQueue'];
  expect(things.filter((thing) => !exported.some((name) => name.includes(thing)))).toEqual([]);
});

/** The published versions of functions whose template has a text. */
const versionsWith = (stack: StackTemplate['Resources'], text: string): string[] =>
  Object.entries(stack).flatMap(([id, { Type, Properties }]) => {
    if (Type !== 'AWS::Lambda::Version') return [];
    const { Ref } = z.object({ Ref: z.string() }).parse(Properties['FunctionName']);
    return JSON.stringify(stack[Ref]).includes(text) ? [id] : [];
  });

test('a table that is replaced changes the import of every stack that uses it, so that none keeps the old one', async () => {
  const replaced = await everyStack('prod', {}, (app) => {
    const state = app.platform('us-east-1').state.table.node.defaultChild as CfnTable;
    state.overrideLogicalId('AnotherTable');
  });
  for (const [name, { Resources }] of Object.entries(prod)) {
    // What watches the fleet has no functions and uses no table.
    if (name === 'platform' || name === 'observability') continue;
    const functions = (stack: StackTemplate['Resources']): string =>
      JSON.stringify(Object.values(stack).filter(({ Type }) => Type === 'AWS::Lambda::Function'));
    const now = functions(replaced[name]?.Resources ?? {});
    expect(now).toContain('AnotherTable');
    expect(now).not.toBe(functions(Resources));
    // The published versions change too, so the aliases move to functions that know the new table.
    const kept = versionsWith(replaced[name]?.Resources ?? {}, 'AnotherTable');
    expect(kept.filter((id) => id in Resources)).toEqual([]);
  }
});

test('a queue of the same stack that gets another name publishes every function that names it', async () => {
  const renamed = await everyStack('prod', {}, (app) => {
    for (const queue of app.node.findAll()) if (queue instanceof CfnQueue) queue.visibilityTimeout = 1_234;
  });
  const publishedBy = (stack: StackTemplate['Resources'] = {}): string[] =>
    Object.keys(stack).filter((id) => stack[id]?.Type === 'AWS::Lambda::Version');
  const kept = publishedBy(renamed['assistant']?.Resources).filter((id) =>
    publishedBy(prod['assistant']?.Resources).includes(id),
  );
  // The dead-letter function names no queue of its stack.
  expect(kept.map((id) => id.replace(/FunctionCurrentVersion.*/, ''))).toEqual(['AssistantDeadLettersBurial']);
});

/** Lambda publishes nothing for an unchanged function, and CloudFormation fails: "A version … exists". */
test('a function gets a new version only if the function itself changes', async () => {
  const settings = settingsOfShipped({ 'documents.agents': '20' });
  const changed = await everyStack('prod', { ...settings, economyMinutes: '7' }, (app) => {
    for (const queue of app.node.findAll()) if (queue instanceof CfnQueue) queue.visibilityTimeout = 1_234;
  });
  let published = 0;
  for (const [name, { Resources }] of Object.entries(changed)) {
    const before = prod[name]?.Resources ?? {};
    for (const [id, { Type, Properties }] of Object.entries(Resources)) {
      if (Type !== 'AWS::Lambda::Version' || before[id] !== undefined) continue;
      published += 1;
      const { FunctionName } = Properties as { FunctionName: { Ref: string } };
      expect(Resources[FunctionName.Ref]?.Properties, `${name}: ${id}`).not.toEqual(
        before[FunctionName.Ref]?.Properties,
      );
    }
  }
  expect(published).toBeGreaterThan(5);
});
