import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepFolder } from '#cli/fleet/keep-folder.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'keep-'))));
afterEach(() => rmSync(root, { recursive: true }));

function folder(name: string, content: string): string {
  mkdirSync(join(root, name), { recursive: true });
  writeFileSync(join(root, name, 'content'), content);
  return join(root, name);
}

test('a finished folder takes the place of an earlier one', () => {
  const [finished, kept] = [folder('mine', 'new'), folder('kept', 'old')];
  keepFolder(finished, kept, () => readFileSync(join(kept, 'content'), 'utf8') === 'new');
  expect(readFileSync(join(kept, 'content'), 'utf8')).toBe('new');
  expect(existsSync(finished)).toBe(false);
});

test('the folder of a process that was there first stays', () => {
  const [finished, kept] = [folder('mine', 'new'), folder('kept', 'theirs')];
  keepFolder(finished, kept, () => true);
  expect(readFileSync(join(kept, 'content'), 'utf8')).toBe('theirs');
});

test('a folder that cannot be moved is an error, unless another process puts its own there meanwhile', () => {
  const [missing, kept] = [join(root, 'nowhere'), join(root, 'kept')];
  expect(() => keepFolder(missing, kept, () => false)).toThrow('ENOENT');
  let looks = 0;
  expect(() => keepFolder(missing, kept, () => (looks += 1) > 1)).not.toThrow();
});
