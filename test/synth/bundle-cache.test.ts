import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BundleCache } from '#lib/bundle-cache.ts';
import { removeFolder, temporaryFolder } from './synthesize.ts';

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
