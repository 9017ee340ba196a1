import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadCompiled } from '../../src/lambda/compiled.worker.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compiled-'));
  file = join(folder, 'index.cjs');
});
afterEach(() => rmSync(folder, { recursive: true }));

const codes = () => join(folder, 'codes');
const kept = (): string[] => readdirSync(codes()).map((name) => join(codes(), name));

function load(source: string) {
  writeFileSync(file, source);
  return loadCompiled(file, codes());
}

const answerOf = ({ exports }: { readonly exports: unknown }): unknown =>
  (exports as { readonly answer: () => unknown }).answer();

test('a module has what Node gives to one', async () => {
  const source = `exports.answer = async () => [
    require('node:path').basename(__filename), __dirname, module.exports === exports, (await import('node:os')).EOL];`;
  expect(await answerOf(load(source))).toEqual(['index.cjs', folder, true, '\n']);
});

test('an error names the line and the column of the file', () => {
  const source = `exports.answer = () => new Error('first').stack;`;
  expect(answerOf(load(source))).toContain(`${file}:1:${source.indexOf('new Error') + 1}`);
});

test('code that is kept has the functions that were called, and is read again', () => {
  const names = Array.from({ length: 500 }, (_, index) => `'name-${index}'`);
  const source = `exports.answer = () => [${names.join()}].length;`;
  load(source).keepCode();
  const [before = ''] = kept();
  const withoutCalls = statSync(before).size;
  rmSync(before);
  const first = load(source);
  expect(answerOf(first)).toBe(500);
  first.keepCode();
  const [code = ''] = kept();
  expect(statSync(code).size).toBeGreaterThan(withoutCalls + 500);
  const { ino } = statSync(code);
  const second = load(source);
  expect(answerOf(second)).toBe(500);
  second.keepCode();
  expect(statSync(code).ino).toBe(ino);
});

test('another source of the same length has code of its own', () => {
  for (const answer of [1, 2]) {
    const loaded = load(`exports.answer = () => ${answer};`);
    expect(answerOf(loaded)).toBe(answer);
    loaded.keepCode();
  }
  expect(kept()).toHaveLength(2);
});

test('code that V8 rejects is replaced', () => {
  const source = 'exports.answer = () => 7;';
  mkdirSync(codes());
  const code = join(codes(), `${hash('sha1', source)}-${process.version}-${process.arch}.code`);
  writeFileSync(code, 'damaged');
  const loaded = load(source);
  expect(answerOf(loaded)).toBe(7);
  loaded.keepCode();
  expect(kept()).toEqual([code]);
  expect(statSync(code).size).toBeGreaterThan(100);
});
