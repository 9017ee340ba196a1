import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { listResultKey, takeList, type ReadList } from '#core/runs/take-list.ts';
import { inMemoryArtifacts } from '#test/support/fakes/in-memory-artifacts.ts';

const SETTINGS = {
  bucket: 'b',
  lists: 'lists/',
  items: 'uploads/lists/',
  workflow: 'trials',
  zone: 'Europe/Berlin',
  maxUsd: 5,
};
/** Half past midnight of the next day in Berlin. */
const PUT_AT = Date.parse('2026-11-02T23:30:00Z');
const KEY = 'lists/mine.csv';

const read = (text: string, date: string): ReadList =>
  text === 'bad'
    ? { problem: 'The list is bad.' }
    : { items: text.split(',').map((id) => ({ id, date })), notes: ['x'] };

function bucket() {
  const artifacts = inMemoryArtifacts();
  const started = new Map<string, object>();
  const runs = { start: async (name: string, input: object) => void started.set(name, input) };
  const ids = { digest: (text: string) => createHash('sha256').update(text).digest('hex') };
  const text = async (key: string): Promise<string> =>
    new TextDecoder().decode(await artifacts.get({ bucket: 'b', key }));
  return {
    started,
    text,
    put: (content: string | Uint8Array, key = KEY) => artifacts.put({ bucket: 'b', key }, content, 'text/csv'),
    take: (key = KEY, putAt = PUT_AT, size?: number) =>
      takeList({ artifacts, runs, ids }, SETTINGS, read, { key, putAt, size }),
    result: async (key = KEY): Promise<unknown> => JSON.parse(await text(listResultKey(key))),
  };
}

test('a list starts one run, of the local date, with its limit, and the result lies beside it', async () => {
  const at = bucket();
  await at.put('a,b');
  const taken = await at.take();
  expect(taken).toMatchObject({ state: 'started', items: 2, notes: ['x'] });
  const [[name, input] = ['', {}], ...others] = at.started;
  expect(others).toEqual([]);
  expect(name).toMatch(/^trials-list-2026-11-03-[\da-f]{16}$/);
  expect(name.length).toBeLessThanOrEqual(80);
  const key = `uploads/lists/${name}.jsonl`;
  expect(input).toEqual({ items: { key }, name: 'mine.csv', group: '2026-11-03', budgetUsd: 5 });
  expect(await at.text(key)).toBe('{"id":"a","date":"2026-11-03"}\n{"id":"b","date":"2026-11-03"}');
  expect(await at.result()).toEqual(taken);
});

test('the same list twice on a day is one run; another list, key or day is another', async () => {
  const at = bucket();
  await at.put('a,b');
  await at.put('a,b', 'lists/other.csv');
  const first = await at.take();
  await at.put('a,b');
  expect(await at.take()).toEqual(first);
  expect(at.started.size).toBe(1);
  await at.take('lists/other.csv');
  await at.take(KEY, PUT_AT + 86_400_000);
  await at.put('a,c');
  await at.take();
  expect(at.started.size).toBe(4);
});

test.each([
  ['bad', 'The list is bad.'],
  ['a,a', 'Line 2 has the `id` of an earlier line: a.'],
  [new Uint8Array([0x66, 0xff, 0xfe]), 'The list is not UTF-8 text.'],
  [new Uint8Array(17 * 1024 * 1024), 'Use at most 16777216.'],
])('a list that is none starts nothing, and the reason lies beside it', async (content, problem) => {
  const at = bucket();
  await at.put(content);
  expect(await at.take()).toMatchObject({ state: 'refused', problem: expect.stringContaining(problem) as string });
  expect(at.started.size).toBe(0);
  expect(await at.result()).toMatchObject({ state: 'refused', problem: expect.stringContaining(problem) as string });
});

test('a list that was started already says so, but the event of one put may come twice', async () => {
  const at = bucket();
  await at.put('a,b');
  const first = await at.take();
  expect(await at.take()).toEqual({ ...first, notes: ['x'] });
  const again = await at.take(KEY, PUT_AT + 1);
  expect(again).toMatchObject({
    runId: first.state === 'started' && first.runId,
    putAt: '2026-11-02T23:30:00.001Z',
    notes: [expect.stringContaining('nothing new was started. Put it under another name'), 'x'],
  });
  expect(at.started.size).toBe(1);
  await at.put('a,c');
  expect(await at.take(KEY, PUT_AT + 2)).toMatchObject({ notes: ['x'] });
});

test('a result that somebody else wrote keeps no list from its run', async () => {
  const at = bucket();
  await at.put('a');
  await at.put('no JSON', listResultKey(KEY));
  expect(await at.take()).toMatchObject({ state: 'started', notes: ['x'] });
});

test('a list that is too large by its event is refused before it is read', async () => {
  // Nothing is there to be read.
  const at = bucket();
  expect(await at.take(KEY, PUT_AT, 17 * 1024 * 1024)).toEqual({
    state: 'refused',
    problem: 'The list has 17825792 bytes. Use at most 16777216.',
  });
});

test('a list that was deleted before it was read is refused', async () => {
  const at = bucket();
  expect(await at.take()).toMatchObject({ state: 'refused' });
});

test('what fails for a while is tried again: nothing is written beside the list', async () => {
  const at = bucket();
  await at.put('a');
  at.started.set = () => {
    throw new Error('Step Functions is busy.');
  };
  await expect(at.take()).rejects.toThrow('busy');
  await expect(at.result()).rejects.toThrow('does not exist');
});
