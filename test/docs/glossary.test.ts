import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Keeps the words that the glossary of docs/architecture.md retired out of exported names. */
const glossary = readFileSync('docs/architecture.md', 'utf8').split('## Glossary')[1]?.split('\n## ')[0] ?? '';

interface Retired {
  readonly word: RegExp;
  /** The word to use. The glossary has it. */
  readonly use: string;
  /** Exported names that may keep the word, such as AWS's own. */
  readonly except?: readonly string[];
}

const RETIRED: readonly Retired[] = [{ word: /^(MOST|LONGEST|LEAST|SHORTEST)_/, use: 'MAX_' }];

const SOURCES = '{core,runtime,lib,adapters,functions,cli,systems,packages}/**/*.ts';
const EXPORTED = /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm;

const exported = globSync(SOURCES, {
  exclude: (path) => /(^|\/)(node_modules|test|cdk\.out|\..*)$/.test(path),
}).flatMap((path) => [...readFileSync(path, 'utf8').matchAll(EXPORTED)].map(([, name = '']) => ({ path, name })));

it('finds the exported names', () => {
  expect(exported.length).toBeGreaterThan(1_000);
});

it.each(RETIRED)('no exported name contains $word, since the word is $use', ({ word, except = [] }) => {
  expect(exported.filter(({ name }) => word.test(name) && !except.includes(name))).toEqual([]);
});

it('the glossary has each word to use', () => {
  expect(RETIRED.map(({ use }) => use).filter((use) => !glossary.includes(use))).toEqual([]);
});
