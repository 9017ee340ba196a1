import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readAssembly } from '../../src/assembly/manifest.ts';
import { provisioningOrder } from '../../src/assembly/order.ts';
import { openStack, stackOutputs } from '../../src/assembly/stack.ts';
import type { Deployment } from '../../src/assembly/stack.ts';

const root = mkdtempSync(join(tmpdir(), 'fleet-assembly-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Json = Readonly<Record<string, unknown>>;

/** Writes an assembly with the given artifacts and templates to a new folder. */
function write(name: string, artifacts: Json, templates: Json): string {
  const directory = join(root, name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ version: '48.0.0', artifacts }));
  for (const [file, template] of Object.entries(templates))
    writeFileSync(join(directory, file), JSON.stringify(template));
  return directory;
}

const stackArtifact = (templateFile: string, extra: Json = {}): Json => ({
  type: 'aws:cloudformation:stack',
  environment: 'aws://unknown-account/unknown-region',
  properties: { templateFile },
  ...extra,
});

const deployment = (parameters: Readonly<Record<string, string>> = {}): Deployment => ({
  account: '000000000000',
  region: 'us-east-1',
  parameters,
  exports: new Map(),
  outputs: new Map(),
});

function open(template: Json, parameters?: Readonly<Record<string, string>>) {
  const directory = write('one', { One: stackArtifact('one.json') }, { 'one.json': template });
  const [stack] = readAssembly(directory).stacks;
  if (stack === undefined) throw new Error('The assembly has no stack.');
  return openStack(stack, deployment(parameters));
}

test('stacks are in the order of their dependencies, including those of stages', () => {
  const directory = write(
    'many',
    {
      Later: stackArtifact('later.json', { dependencies: ['Earlier'] }),
      Earlier: stackArtifact('earlier.json', { environment: 'aws://111122223333/eu-west-1' }),
      Stage: { type: 'cdk:cloud-assembly', properties: { directoryName: 'stage' } },
    },
    { 'later.json': {}, 'earlier.json': {} },
  );
  write(
    'many/stage',
    { Staged: stackArtifact('staged.json', { properties: { templateFile: 'staged.json', stackName: 'prod' } }) },
    { 'staged.json': {} },
  );
  const { stacks } = readAssembly(directory);
  expect(stacks.map(({ name }) => name)).toEqual(['Earlier', 'Later', 'prod']);
  expect(stacks[0]).toMatchObject({ account: '111122223333', region: 'eu-west-1' });
  expect(stacks[1]).toMatchObject({ account: undefined, region: undefined });
  expect(readAssembly(directory, ['Later']).stacks.map(({ name }) => name)).toEqual(['Earlier', 'Later']);
  expect(readAssembly(directory, ['prod']).stacks.map(({ id }) => id)).toEqual(['Staged']);
  expect(() => readAssembly(directory, ['Nowhere'])).toThrow(
    'Nowhere: is not a stack of the assembly. Its stacks are: Earlier, Later, prod.',
  );
});

test('the error for a folder without a manifest says how to create one', () => {
  expect(() => readAssembly(join(root, 'nothing'))).toThrow(
    'does not contain manifest.json. Run `npx cdk synth` first.',
  );
});

test('assets are found by their object key', () => {
  const files = {
    abc: { source: { path: 'asset.abc', packaging: 'zip' }, destinations: { here: { objectKey: 'abc.zip' } } },
  };
  const artifact = { type: 'cdk:asset-manifest', properties: { file: 'one.assets.json' } };
  const directory = write('assets', { 'One.assets': artifact }, { 'one.assets.json': { version: '48.0.0', files } });
  expect(readAssembly(directory).assets.get('abc.zip')).toBe(join(directory, 'asset.abc'));
});

test('parameters have the given or the default value, as a list if the type requires it', () => {
  const template = {
    Parameters: {
      Plain: { Type: 'String', Default: 'x' },
      Count: { Type: 'Number', Default: 3 },
      Many: { Type: 'CommaDelimitedList', Default: 'a, b' },
      BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
    },
  };
  const scope = open(template, { Plain: 'given' });
  const value = scope.resolve([{ Ref: 'Plain' }, { Ref: 'Count' }, { 'Fn::Join': ['+', { Ref: 'Many' }] }], 'One');
  expect(value).toEqual(['given', '3', 'a+b']);
});

test.each([
  [{ Type: 'String' }, undefined, 'One/P: the parameter has no default. Set `parameters.P`.'],
  [{ Type: 'String', AllowedValues: ['a', 'b'] }, 'c', 'One/P: the value "c" is not one of a, b.'],
  [
    { Type: 'String', AllowedPattern: '[a-z]+', ConstraintDescription: 'lower case' },
    'A1',
    'does not match [a-z]+ (lower case).',
  ],
  [{ Type: 'String', MaxLength: '2' }, 'abc', 'is longer than 2.'],
  [{ Type: 'Number', MinValue: 2 }, '1', 'is less than 2.'],
  [{ Type: 'Number' }, 'many', 'is not a number.'],
])('the parameter %j rejects %j', (parameter, value, message) => {
  expect(() => open({ Parameters: { P: parameter } }, value === undefined ? {} : { P: value })).toThrow(message);
});

test('conditions, mappings and pseudo parameters', () => {
  const scope = open({
    Parameters: { Stage: { Type: 'String', Default: 'dev' } },
    Mappings: { Sizes: { dev: { agents: 5 } } },
    Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, Dev: { 'Fn::Not': [{ Condition: 'Prod' }] } },
  });
  expect([scope.condition('Prod'), scope.condition('Dev')]).toEqual([false, true]);
  const value = { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'agents'] };
  expect(scope.resolve(value, 'One')).toBe(5);
  expect(
    scope.resolve({ 'Fn::Sub': '${AWS::Partition} ${AWS::Region} ${AWS::AccountId} ${AWS::StackName}' }, 'One'),
  ).toBe('aws us-east-1 000000000000 One');
});

test('the error for an unresolved reference says what is missing', () => {
  const scope = open({
    Conditions: { Never: { 'Fn::Equals': [1, 2] } },
    Resources: { Off: { Type: 'X', Condition: 'Never' } },
  });
  scope.add('Queue', { ref: 'url', attributes: { Arn: 'arn' } });
  expect(() => scope.resolve({ Ref: 'Gone' }, 'One/Fn')).toThrow(
    'One/Fn: refers to Gone, which is not in the template.',
  );
  expect(() => scope.resolve({ Ref: 'Off' }, 'One/Fn')).toThrow(
    'which does not exist because its condition Never is false.',
  );
  expect(() => scope.resolve({ 'Fn::GetAtt': ['Queue', 'Size'] }, 'One/Fn')).toThrow(
    'does not support the attribute Size (Queue has: Arn)',
  );
});

test('an exported output is imported by a later stack', () => {
  const directory = write(
    'exports',
    { A: stackArtifact('a.json'), B: stackArtifact('b.json', { dependencies: ['A'] }) },
    { 'a.json': { Outputs: { Url: { Value: 'http://a', Export: { Name: 'a-url' } } } }, 'b.json': {} },
  );
  const [first, second] = readAssembly(directory).stacks;
  if (first === undefined || second === undefined) throw new Error('Two stacks were written.');
  const shared = deployment();
  expect(stackOutputs(first, openStack(first, shared), shared)).toEqual({ Url: 'http://a' });
  const scope = openStack(second, shared);
  expect(scope.resolve({ 'Fn::ImportValue': 'a-url' }, 'B')).toBe('http://a');
  expect(() => scope.resolve({ 'Fn::ImportValue': 'b-url' }, 'B/X')).toThrow(
    'B/X: imports b-url, which no earlier stack exports.',
  );
});

test('a later stack reads an output that is not exported', () => {
  const directory = write(
    'outputs',
    { A: stackArtifact('a.json'), B: stackArtifact('b.json', { dependencies: ['A'] }) },
    { 'a.json': { Outputs: { Url: { Value: 'http://a' } } }, 'b.json': {} },
  );
  const [first, second] = readAssembly(directory).stacks;
  if (first === undefined || second === undefined) throw new Error('Two stacks were written.');
  const shared = deployment();
  stackOutputs(first, openStack(first, shared), shared);
  const scope = openStack(second, shared);
  const read = (OutputName: string) => ({ 'Fn::GetStackOutput': { StackName: first.name, OutputName } });
  expect(scope.resolve(read('Url'), 'B')).toBe('http://a');
  expect(() => scope.resolve(read('Arn'), 'B/X')).toThrow('reads the output Arn of');
});

test('resources come after all resources that they refer to, and a circular dependency is named', () => {
  const resource = (Properties: Json, DependsOn: string[] = []) => ({ Type: 'T', Properties, DependsOn });
  const order = provisioningOrder('S', {
    A: resource({ x: { 'Fn::Sub': 'see ${B.Arn}' } }),
    B: resource({ x: [{ 'Fn::GetAtt': ['C', 'Arn'] }] }),
    C: resource({}, ['D']),
    D: resource({ x: { 'Fn::If': ['Some', { Ref: 'E' }, ''] } }),
    E: resource({ x: { Ref: 'AWS::Region' } }),
  });
  expect(order).toEqual(['E', 'D', 'C', 'B', 'A']);
  const circle = { A: resource({ x: { Ref: 'B' } }), B: resource({ x: { Ref: 'A' } }) };
  expect(() => provisioningOrder('S', circle)).toThrow('S/A: circular dependency between resources: A → B → A.');
});
