import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Storage } from '../../src/services/dynamodb/storage.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleet-storage-'));
let storage: Storage;
beforeAll(() => {
  storage = new Storage(folder);
});
afterAll(async () => {
  await storage.close();
  rmSync(folder, { recursive: true });
});

const keys = (range: Parameters<Storage['range']>[0]): string[] => [...storage.range(range)].map(({ key }) => key);

test('1: all writes of one turn become visible to other processes together', async () => {
  const other = new DatabaseSync(join(folder, 'dynamodb.sqlite'), { readOnly: true });
  const visible = (): unknown[] => other.prepare("SELECT key FROM entries WHERE key LIKE 'one%'").all();
  storage.put('one-item', { a: 1 });
  storage.put('one-index', { a: 1 });
  expect(visible()).toEqual([]);
  await storage.committed();
  expect(visible()).toHaveLength(2);
  other.close();
});

test('2: a write is visible in this process immediately', () => {
  storage.put('two', [1]);
  expect(storage.get('two')).toEqual([1]);
  storage.put('two', [2]);
  expect(storage.get('two')).toEqual([2]);
  storage.delete('two');
  expect(storage.get('two')).toBeUndefined();
});

test('reads ranges in both directions across pages', () => {
  const all = Array.from({ length: 150 }, (_, index) => `r~${String(index).padStart(3, '0')}`);
  for (const key of all) storage.put(key, key);
  expect(keys({ gte: 'r~', lt: 'r~\u00FF' })).toEqual(all);
  expect(keys({ gte: 'r~', lt: 'r~\u00FF', reverse: true })).toEqual(all.toReversed());
  expect(keys({ gt: 'r~010', lte: 'r~012' })).toEqual(['r~011', 'r~012']);
  expect(keys({ gte: 'r~148', lt: 'r~149' })).toEqual(['r~148']);
  expect(keys({ gte: 'r~', lt: 'r~\u00FF', limit: 3 })).toEqual(all.slice(0, 3));
  expect(keys({ gte: 'r~', lt: 'r~\u00FF', limit: -1 })).toHaveLength(150);
});

test('orders keys by their bytes', () => {
  for (const key of ['o~\u{1F600}', 'o~\uFFFD', 'o~z', 'o~A']) storage.put(key, 0);
  expect(keys({ gte: 'o~', lt: 'o~\u{10FFFF}' })).toEqual(['o~A', 'o~z', 'o~\uFFFD', 'o~\u{1F600}']);
});

test('the definition of a table is the newest one, and belongs to its reader', async () => {
  const tables = new Storage(undefined);
  tables.put('table~t', { TableStatus: 'CREATING' });
  const read = tables.get('table~t') as { TableStatus: string };
  read.TableStatus = 'changed by its reader';
  expect(tables.get('table~t')).toEqual({ TableStatus: 'CREATING' });
  tables.put('table~t', { TableStatus: 'ACTIVE' });
  expect(tables.get('table~t')).toEqual({ TableStatus: 'ACTIVE' });
  tables.delete('table~t');
  expect(tables.get('table~t')).toBeUndefined();
  await tables.close();
});

test('readers of a definition share it, cannot change it, and get the newest one', async () => {
  const storage = new Storage(undefined);
  storage.put('table~shared', { TableStatus: 'ACTIVE', KeySchema: [{ AttributeName: 'pk' }] });
  const first = storage.definition('shared') as { KeySchema: { AttributeName: string }[] };
  expect(first).toEqual({ TableStatus: 'ACTIVE', KeySchema: [{ AttributeName: 'pk' }] });
  expect(storage.definition('shared')).toBe(first);
  expect(() => first.KeySchema.push({ AttributeName: 'sk' })).toThrow(TypeError);
  storage.put('table~shared', { TableStatus: 'UPDATING' });
  expect(storage.definition('shared')).toEqual({ TableStatus: 'UPDATING' });
  storage.delete('table~shared');
  expect(storage.definition('shared')).toBeUndefined();
  await storage.close();
});
