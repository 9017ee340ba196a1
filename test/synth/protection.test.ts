import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { expect, test } from 'vitest';
import { everyStack, type StackTemplate } from './every-stack.ts';

const prod = await everyStack('prod');
const dev = await everyStack('dev');

/** What cannot be made again: data, and secrets that others have. */
const PRECIOUS = [
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
];

const preciousOf = (stacks: Readonly<Record<string, StackTemplate>>) =>
  Object.values(stacks).flatMap(({ Resources }) =>
    Object.entries(Resources).filter(([, { Type }]) => PRECIOUS.includes(Type)),
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
  expect(text).not.toContain('Fn::GetStackOutput');
  const exported = Object.values(prod['platform']?.Outputs ?? {}).flatMap(
    (output) => JSON.stringify(output).match(/"Export":\{"Name":"[^"]+"/) ?? [],
  );
  for (const thing of ['StateTable', 'AuditBucket', 'InputsBucket', 'ModelSecret', 'CallbacksQueue'])
    expect(
      exported.some((name) => name.includes(thing)),
      thing,
    ).toBe(true);
});

test('a table that is replaced changes the import of every stack that uses it, so that none keeps the old one', async () => {
  const replaced = await everyStack('prod', {}, (app) => {
    const state = app.platform('us-east-1').state.table.node.defaultChild as CfnTable;
    state.overrideLogicalId('AnotherTable');
  });
  for (const [name, { Resources }] of Object.entries(prod)) {
    if (name === 'platform') continue;
    const functions = (stack: StackTemplate['Resources']): string =>
      JSON.stringify(Object.values(stack).filter(({ Type }) => Type === 'AWS::Lambda::Function'));
    const now = functions(replaced[name]?.Resources ?? {});
    expect(now).toContain('AnotherTable');
    expect(now).not.toBe(functions(Resources));
    const versions = (stack: StackTemplate['Resources']): string[] =>
      Object.keys(stack).filter((id) => stack[id]?.Type === 'AWS::Lambda::Version');
    // The published versions change too, so the aliases move to functions that know the new table.
    expect(versions(replaced[name]?.Resources ?? {}).filter((id) => versions(Resources).includes(id))).toEqual([]);
  }
});
