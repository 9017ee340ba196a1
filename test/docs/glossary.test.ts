import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Keeps the words that the glossary of docs/architecture.md retired out of exported names. */
const architecture = readFileSync('docs/architecture.md', 'utf8');
const glossary = architecture.split('## Glossary')[1]?.split('\n## ')[0] ?? '';

interface Retired {
  /** Words of a name in lower case: `takePlace` is `take place`, `MOST_TASKS` is `most tasks`. */
  readonly words: RegExp;
  /** The word to use instead, as the glossary has it. */
  readonly use: string;
  /** The folders in which the word is retired. @default all */
  readonly within?: RegExp;
  /** Names that may keep the word, since they mean something else. */
  readonly except?: readonly string[];
}

/** Where a place was a permit or a slot. Elsewhere a place is a location. */
const FLEET = /^(core|runtime|lib|adapters|functions)\//;

const RETIRED: readonly Retired[] = [
  { words: /^(most|longest|least|shortest) /, use: 'MAX_', except: ['leastShare'] },
  { words: /\b(rises?|rose|risen)\b/, use: '_upgrade_' },
  { words: /\b(take|takes|took) turns?\b/, use: '`runTurn`' },
  { words: /\b(bury|buries|buried|burials?)\b/, use: '_dead letter_' },
  { words: /\b(bring|brings|brought) back\b|\banew\b/, use: '_requeue_' },
  { words: /\bheld up\b/, use: '_park_' },
  { words: /\b(tell|tells|told)\b/, use: '_notified_' },
  { words: /\b(admits?|admitted|admissions?)\b/, use: '_accept_', within: FLEET },
  // A transition that does not apply returns a refusal.
  { words: /\b(refuse|refuses|refused)\b/, use: '_reject_', except: ['refuse', 'refused', 'noRoomReason'] },
  // The place of a stack, or of an entry of the audit trail, is a location.
  {
    words: /\bplaces?\b/,
    use: '_permit_',
    within: FLEET,
    except: ['EntryPlace', 'placeOf', 'placeOfKey', 'PlaceProps'],
  },
];

/** Functions of these names have one definition, so that the verb has one meaning. */
const ONCE = ['accept', 'admit', 'refuse', 'runTurn', 'acquireSlot'];

const SOURCES = '{core,runtime,lib,adapters,functions,cli,systems,packages}/**/*.ts';
const EXPORTED = /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm;

const exported = globSync(SOURCES, {
  exclude: (path) => /(^|\/)(node_modules|test|cdk\.out|\..*)$/.test(path),
}).flatMap((path) => [...readFileSync(path, 'utf8').matchAll(EXPORTED)].map(([, name = '']) => ({ path, name })));

const wordsOf = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();

it('finds the exported names', () => {
  expect(exported.length).toBeGreaterThan(1_000);
});

it.each(RETIRED)('exported names have no $words: the word is $use', ({ words, within, except = [] }) => {
  const found = exported.filter(({ path, name }) => words.test(wordsOf(name)) && (within?.test(path) ?? true));
  expect(found.filter(({ name }) => !except.includes(name))).toEqual([]);
});

it.each(ONCE)('%s is exported at most once', (verb) => {
  expect(exported.filter(({ name }) => name === verb).slice(1)).toEqual([]);
});

it('the glossary has each word to use', () => {
  expect(RETIRED.map(({ use }) => use).filter((use) => !glossary.includes(use))).toEqual([]);
});
