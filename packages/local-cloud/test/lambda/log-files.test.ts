import { readdirSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLog } from '../../src/lambda/log-files.ts';
import { temporaryFolder } from '../../testing/serve.ts';

const today = new Date().toISOString().slice(0, 10);

async function write(directory: string, lines: number): Promise<void> {
  const log = openLog(directory, 'worker', { fileBytes: 1_000, files: 3 });
  const stream = log.stream(() => {});
  stream.name = '0a1b2c3d';
  for (let index = 0; index < lines; index += 1) stream.write(`${String(index).padStart(3, '0')} ${'x'.repeat(100)}\n`);
  await log.close();
}

test('a day with many lines has several files, of which the newest are kept', async () => {
  const directory = temporaryFolder();
  const folder = join(directory, 'worker');
  await write(directory, 40);
  const files = readdirSync(folder).sort();
  const lines = files.flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean));
  const numbers = lines.map((line) => Number(/ 0a1b2c3d (\d+) /.exec(line)?.[1]));
  // Eight lines fill a file.
  expect(files).toEqual(['002', '003', '004'].map((part) => `${today}.log.${part}`));
  expect(numbers).toEqual(Array.from({ length: 24 }, (_, index) => 16 + index));
  await write(directory, 9);
  expect(readdirSync(folder).sort()).toEqual(['003', '004', '005'].map((part) => `${today}.log.${part}`));
});

test('a process that starts again writes to the file of the one before', async () => {
  const directory = temporaryFolder();
  await write(directory, 12);
  const before = readdirSync(join(directory, 'worker'));
  await write(directory, 1);
  expect(readdirSync(join(directory, 'worker'))).toEqual(before);
});

test('files of more than two weeks ago are deleted, and no other files', async () => {
  const directory = temporaryFolder();
  const folder = join(directory, 'worker');
  mkdirSync(folder);
  for (const name of ['2020-01-01.log', '2020-01-01.log.001', 'notes.txt']) writeFileSync(join(folder, name), 'x\n');
  await write(directory, 1);
  expect(readdirSync(folder).sort()).toEqual([`${today}.log`, 'notes.txt']);
});
