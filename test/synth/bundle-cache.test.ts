import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bundleAhead, buildModule } from '#lib/bundle.ts';
import { BundleCache } from '#lib/bundle-cache.ts';
import { removeFolder, temporaryFolder } from './synthesize.ts';

const PROJECT = join(import.meta.dirname, '../..');

test('a bundle is taken only while all its sources are unchanged', () => {
  const folder = temporaryFolder();
  onTestFinished(() => removeFolder(folder));
  const [source, made, taken] = [join(folder, 'source.ts'), join(folder, 'made.mjs'), join(folder, 'taken.mjs')];
  const cache = () => new BundleCache(join(folder, 'cache'));
  writeFileSync(source, 'first');
  writeFileSync(made, 'bundle of the first');
  expect(cache().take('entry', taken)).toBeNull();
  cache().put('entry', made, ['handler'], [source]);
  expect(cache().take('entry', taken)).toEqual(['handler']);
  expect(readFileSync(taken, 'utf8')).toBe('bundle of the first');
  expect(cache().take('other', taken)).toBeNull();
  writeFileSync(source, 'second');
  expect(cache().take('entry', taken)).toBeNull();
  rmSync(source);
  expect(cache().take('entry', taken)).toBeNull();
});

test('a bundle of changed sources replaces the one before, and one that is gone is made again', () => {
  const folder = temporaryFolder();
  onTestFinished(() => removeFolder(folder));
  const [source, made, taken] = [join(folder, 'source.ts'), join(folder, 'made.mjs'), join(folder, 'taken.mjs')];
  const kept = join(folder, 'cache');
  const bundles = () => readdirSync(kept).filter((name) => name.endsWith('.mjs'));
  for (const version of ['first', 'second']) {
    writeFileSync(source, version);
    writeFileSync(made, `bundle of the ${version}`);
    new BundleCache(kept).put('entry', made, ['handler'], [source]);
    expect(bundles()).toHaveLength(1);
  }
  expect(new BundleCache(kept).take('entry', taken)).toEqual(['handler']);
  expect(readFileSync(taken, 'utf8')).toBe('bundle of the second');
  for (const bundle of bundles()) rmSync(join(kept, bundle));
  expect(new BundleCache(kept).take('entry', taken)).toBeNull();
});

test('bundles that are made ahead are those that are made one by one, with all their sources', () => {
  const folder = temporaryFolder();
  onTestFinished(() => removeFolder(folder));
  const kept = join(folder, 'cache');
  const entries = ['core/concurrency/in-parallel.ts', 'core/api/tasks/submit-batch.ts'];
  bundleAhead(entries, new BundleCache(kept));
  for (const entry of entries) {
    const [taken, alone] = [join(folder, 'taken.cjs'), join(folder, 'alone.cjs')];
    const exports = new BundleCache(kept).take(join(PROJECT, entry), taken);
    expect(exports).toEqual(buildModule(entry, alone));
    expect(readFileSync(taken, 'utf8')).toBe(readFileSync(alone, 'utf8'));
  }
  const inputs = readdirSync(kept)
    .filter((name) => name.endsWith('.json'))
    .map((name) => Object.keys((JSON.parse(readFileSync(join(kept, name), 'utf8')) as { inputs: object }).inputs));
  // Each names its own sources, shared ones too, and not those of the other.
  const count = (file: string): number => inputs.filter((paths) => paths.includes(join(PROJECT, file))).length;
  expect(entries.map(count)).toEqual([2, 1]);
  expect(inputs.every((paths) => paths.includes(join(PROJECT, 'package-lock.json')))).toBe(true);
});
