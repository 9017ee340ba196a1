import { expect, test } from 'vitest';
import { NO_VALUE, resolve } from '../../src/assembly/intrinsics.ts';
import type { Scope } from '../../src/assembly/intrinsics.ts';

const refs: Readonly<Record<string, unknown>> = { Name: 'fleet', List: ['a', 'b'], 'AWS::NoValue': NO_VALUE };
const scope: Scope = {
  where: 'Stack/Resource',
  region: 'us-east-1',
  ref: (name) => refs[name],
  attribute: (resource, attribute) => `${resource}!${attribute}`,
  condition: (name) => name === 'Yes',
  mapping: (map, first, second) => [map, first, second].join('/'),
  imported: (name) => `imported ${name}`,
  outputOf: (stack, output) => `${output} of ${stack}`,
};

test.each([
  [{ Ref: 'Name' }, 'fleet'],
  [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue!Arn'],
  [{ 'Fn::GetAtt': 'Stack.Outputs.Url' }, 'Stack!Outputs.Url'],
  [{ 'Fn::Join': ['-', ['x', { Ref: 'Name' }, 1]] }, 'x-fleet-1'],
  [{ 'Fn::Join': [',', { Ref: 'List' }] }, 'a,b'],
  [{ 'Fn::Sub': 'arn:${Queue.Arn}/${Name}/${!Literal}' }, 'arn:Queue!Arn/fleet/${Literal}'],
  [{ 'Fn::Sub': ['${Own}-${Name}', { Own: { Ref: 'Name' } }] }, 'fleet-fleet'],
  [{ 'Fn::Select': ['1', { Ref: 'List' }] }, 'b'],
  [{ 'Fn::Select': [2, { 'Fn::Split': [':', 'a:b:c'] }] }, 'c'],
  [{ 'Fn::If': ['Yes', 'then', { 'Fn::Unknown': 'never looked at' }] }, 'then'],
  [{ 'Fn::If': ['No', 'then', 'else'] }, 'else'],
  [{ 'Fn::Equals': [{ Ref: 'Name' }, 'fleet'] }, true],
  [{ 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Equals': ['a', 'b'] }] }, false],
  [{ 'Fn::Or': [{ Condition: 'No' }, { Condition: 'Yes' }] }, true],
  [{ 'Fn::Not': [{ Condition: 'No' }] }, true],
  [{ 'Fn::FindInMap': ['Map', { Ref: 'Name' }, 'key'] }, 'Map/fleet/key'],
  [{ 'Fn::Base64': 'hi' }, 'aGk='],
  [{ 'Fn::ImportValue': { 'Fn::Sub': '${Name}-url' } }, 'imported fleet-url'],
  [{ 'Fn::GetStackOutput': { StackName: { Ref: 'Name' }, OutputName: 'Url' } }, 'Url of fleet'],
  [{ 'Fn::GetAZs': '' }, ['us-east-1a', 'us-east-1b', 'us-east-1c']],
  [{ kept: [{ Ref: 'AWS::NoValue' }, 1], gone: { Ref: 'AWS::NoValue' } }, { kept: [1] }],
  [
    { Ref: 'Name', other: 1 },
    { Ref: 'Name', other: 1 },
  ],
])('%j becomes %j', (value, expected) => {
  expect(resolve(value, scope)).toEqual(expected);
});

test.each([
  [
    { deep: [{ 'Fn::Transform': { Name: 'AWS::Include' } }] },
    'Stack/Resource: Fn::Transform runs a CloudFormation macro',
  ],
  ['{{resolve:ssm:name}}', 'Stack/Resource: dynamic references'],
  [{ 'Fn::Length': [1] }, 'Stack/Resource: Fn::Length is not supported'],
  [{ 'Fn::Select': [5, ['a']] }, 'Fn::Select reads element 5 of a list of 1'],
  [{ 'Fn::Join': ['-', 'text'] }, 'expects a list, but got "text"'],
])('%j is rejected', (value, message) => {
  expect(() => resolve(value, scope)).toThrow(message);
});
