import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as keys from '#adapters/dynamodb/state-table.ts';
import { epochOfKey, keyAtEpoch } from '#core/regions/epoch.ts';
import { ITEM_RULES } from '#core/regions/item-writers.ts';
import { freshId } from '../../contract/samples.ts';

/** Every item of the state table, by the function that makes its key: the key of a sample. */
const id = freshId();
const SAMPLES: Readonly<Record<string, { readonly pk: string; readonly sk: string }>> = {
  task: keys.taskKey(id),
  step: keys.stepKey(id, 1, 2),
  callback: keys.callbackKey(id, 'tenant'),
  escalation: keys.escalationKey(id),
  session: keys.sessionKey('tenant', 's'),
  upload: keys.uploadKey('u'),
  runItem: keys.runItemKey('tenant', 'r'),
  batch: keys.batchKey('b'),
  limits: keys.limitsKey('tenant'),
  bulk: keys.bulkKey('tenant', 'b'),
  bulkPage: keys.bulkPageKey('l', 0),
  apiKey: keys.apiKeyKey('hash'),
  permits: keys.permitsKey('tenant'),
  line: keys.lineKey('tenant', 1, id),
  daySpend: keys.daySpendKey({ of: 'tenant', name: 'tenant', day: '2026-11-30' }),
  governor: keys.governorKey('model'),
  hostPace: keys.hostPaceKey('example.org'),
  usage: keys.usageKey({ tenant: 'tenant', day: '2026-11-30', agent: 'agent' }),
  pool: keys.poolKey('agent'),
};

/** Keys of indexes, and parts of keys. They name no item. */
const NO_ITEM = new Set(['idOfTaskKey', 'idOfBatchKey', 'idOfEscalationKey', 'parseCallbackKey']);
const OF_INDEX = /^(runKey|taskListKey|runListKey|bulkListKey|escalationListKey)$/;

describe('the table of writers', () => {
  it('has every item of the state table', () => {
    const made = Object.entries(keys).flatMap(([name, value]) =>
      typeof value === 'function' && name.endsWith('Key') && !NO_ITEM.has(name) && !OF_INDEX.test(name)
        ? [name.slice(0, -'Key'.length)]
        : [],
    );
    expect(made.length).toBeGreaterThan(15);
    expect(Object.keys(ITEM_RULES).sort()).toEqual(made.sort());
    expect(Object.keys(SAMPLES).sort()).toEqual(made.sort());
  });

  it('has every item of the documented table', () => {
    const source = readFileSync('adapters/dynamodb/state-table.ts', 'utf8');
    const rows = [...source.matchAll(/^ \* \| [a-z][^|]*\| `([A-Z-]+)#/gm)].map(([, prefix]) => prefix);
    expect(rows.length).toBeGreaterThan(15);
    const known = new Set(Object.values(SAMPLES).map(({ pk }) => pk.split('#')[0]));
    expect(rows.filter((prefix) => !known.has(prefix))).toEqual(['RUNS'].filter((prefix) => !known.has(prefix)));
  });

  it('is all that the adapters write: only two others make keys, for tables of their own', () => {
    const others = globSync('adapters/dynamodb/*.ts').filter((file) => {
      return basename(file) !== 'state-table.ts' && /`[A-Z][A-Z-]*#\$\{/.test(readFileSync(file, 'utf8'));
    });
    expect(others.map((file) => basename(file)).sort()).toEqual(['mail-store.ts', 'subject-store.ts']);
  });

  it('gives each epoch of a home a key of its own, from which the epoch can be read (one writer per item)', () => {
    const homed = Object.entries(ITEM_RULES).filter(([, { by }]) => by === 'epoch');
    for (const [name] of homed) {
      const { sk } = SAMPLES[name] ?? { sk: '' };
      // A fleet of one region keeps its keys when it grows.
      expect(keyAtEpoch(sk, 0)).toBe(sk);
      const epochs = [0, 1, 2, 16, 17, 160];
      expect(new Set(epochs.map((epoch) => keyAtEpoch(sk, epoch))).size).toBe(epochs.length);
      expect(epochs.map((epoch) => epochOfKey(keyAtEpoch(sk, epoch)))).toEqual(epochs);
    }
  });

  it('is the table of ADR 51', () => {
    const adr = readFileSync('docs/adr/0051-three-regions.md', 'utf8');
    for (const [name, { of, by }] of Object.entries(ITEM_RULES)) {
      const { pk } = SAMPLES[name] ?? { pk: '' };
      const row = adr.split('\n').find((line) => line.startsWith(`| \`${name}\` `));
      expect(row, `${name} (${pk})`).toBeDefined();
      expect(row?.split('|').map((cell) => cell.trim())).toEqual(expect.arrayContaining([of, by]));
    }
  });
});
