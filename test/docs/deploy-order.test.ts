import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { isRemoved } from '../support/examples.ts';
import { everyStack, type StackTemplate } from '../synth/every-stack.ts';
import { inlineCode } from './support/markdown.ts';

/** The orders of stacks in docs/deploy.md, against what the stacks import from each other. */
const guide = readFileSync('docs/deploy.md', 'utf8');
const RELEASE_0_2 = new Set(['platform', 'documents', 'assistant', 'support', 'api']);

let stacks: Readonly<Record<string, StackTemplate>>;

beforeAll(async () => {
  stacks = await everyStack('dev', { console: '{"signIn":"key"}' });
}, 120_000);

/** The stacks that import from a stack. @param what a part of the name of the export */
const importers = (of: string, what = ''): string[] =>
  Object.entries(stacks)
    .filter(([, { Resources }]) =>
      new RegExp(`"Fn::ImportValue":"fleet-dev-${of}:[^"]*${what}`).test(JSON.stringify(Resources)),
    )
    .map(([name]) => name)
    .toSorted();

/** The last parts of the names of stacks that a command has. */
const named = (command: string): string[] =>
  [...command.matchAll(/fleet-dev-([\w-]+)-us-east-1/g)].map(([, name = '']) => name).toSorted();
const isThere = (name: string): boolean => !isRemoved(`systems/${name}`);
const section = (heading: string): string =>
  guide.split(/^### /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';

test('a switch to another provider first deploys all stacks that import the key of the model', () => {
  const command = inlineCode(section('Amazon Bedrock or Claude Platform on AWS instead of a key')).find((code) =>
    code.startsWith('npx cdk deploy fleet-dev'),
  );
  expect(importers('platform', 'ModelSecret').length).toBeGreaterThan(0);
  expect(named(command ?? '').filter(isThere)).toEqual(importers('platform', 'ModelSecret').filter(isThere));
});

describe('the return to release 0.2', () => {
  const destroyed = inlineCode(section('Update from release 0.2'))
    .filter((code) => code.startsWith('npx cdk destroy'))
    .map(named);

  test('destroys every stack that 0.2 does not have, and no other', () => {
    const gone = Object.keys(stacks).filter((name) => !RELEASE_0_2.has(name));
    expect(destroyed.flat().filter(isThere).toSorted()).toEqual(gone.filter(isThere).toSorted());
  });

  test('destroys what imports the API before it deploys the API, and the others afterwards', () => {
    expect(destroyed).toHaveLength(2);
    expect(importers('api')).toEqual(['console']);
    expect(destroyed[0]).toEqual(expect.arrayContaining(importers('api')));
  });

  test('destroys no stack that another one still imports', () => {
    for (const name of destroyed.flat().filter(isThere))
      expect({ name, importers: importers(name).filter((each) => each !== 'api') }).toEqual({ name, importers: [] });
  });
});
