import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { writeAhead } from '../../src/write-ahead-log/write-ahead-log.ts';

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'write-ahead-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'some.sqlite');
  const database = new DatabaseSync(file);
  const close = writeAhead(database, file);
  database.exec('CREATE TABLE rows (value TEXT)');
  const put = database.prepare('INSERT INTO rows VALUES (?)');
  return { file, database, close, put: () => put.run('x'.repeat(3_000)) };
}

const countOf = (file: string): unknown => {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare('SELECT count(*) AS count FROM rows').get()?.['count'];
  } finally {
    database.close();
  }
};

test('what is written gets into the database although its writer moves nothing', async () => {
  const { file, close, put } = open();
  for (let row = 0; row < 100; row += 1) put();
  await expect.poll(() => statSync(file).size, { timeout: 30_000 }).toBeGreaterThan(300_000);
  await close();
});

test('two databases close one after the other or together, and leave no log and all rows', async () => {
  const [one, other, third] = [open(), open(), open()];
  for (const { put } of [one, other, third]) put();
  await one.close();
  other.put();
  await Promise.all([other.close(), third.close()]);
  expect([one, other, third].map(({ file }) => existsSync(`${file}-wal`))).toEqual([false, false, false]);
  expect([one, other, third].map(({ file }) => countOf(file))).toEqual([1, 2, 1]);
});

test('a log does not grow for ever under constant writing', async () => {
  const { file, database, close, put } = open();
  for (let commit = 0; commit < 30; commit += 1) {
    database.exec('BEGIN');
    for (let row = 0; row < 500; row += 1) put();
    database.exec('COMMIT');
  }
  // 15,000 rows of a page each: 60 MB.
  expect(statSync(`${file}-wal`).size).toBeLessThan(30 * 2 ** 20);
  await close();
  expect(countOf(file)).toBe(15_000);
});

test('a database in memory is closed at once', async () => {
  const database = new DatabaseSync(':memory:');
  await writeAhead(database, undefined)();
  expect(database.isOpen).toBe(false);
});
