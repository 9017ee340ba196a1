import { expect, test } from 'vitest';
import { callbackOf, type CallbackMessage } from '#core/callbacks/event.ts';
import { oldestWaitMs } from '#core/callbacks/oldest-wait.ts';
import type { TerminalState } from '#core/tasks/task.ts';
import { sampleTask, succeeded } from '../../contract/samples.ts';
import { inMemoryCallbackStore } from '../../support/fakes/in-memory-callback-store.ts';

const NOW = Date.UTC(2026, 10, 28, 12);
const HOUR = 3_600_000;
const ports = () => ({ store: inMemoryCallbackStore(), clock: { now: () => NOW } });

/** The callback of a task that ended so many hours ago. */
function endedAgo(hours: number): CallbackMessage {
  const state = succeeded(NOW - hours * HOUR) as TerminalState;
  const callback = callbackOf(sampleTask({ callback: { url: 'https://example.com/' } }), state);
  if (callback === null) throw new Error('It has no callback.');
  return callback;
}

test('nothing waits where no callback is parked', async () => {
  expect(await oldestWaitMs(ports())).toBeUndefined();
});

test('the age counts from the end of the task, whatever attempts and waits there were since', async () => {
  const own = ports();
  await own.store.park({ callback: endedAgo(1), attempts: 4, dueAt: NOW - 1 });
  const old = endedAgo(9);
  await own.store.park({ callback: old, attempts: 6, leftAlone: 3, dueAt: NOW + 5 * HOUR });
  expect(await oldestWaitMs(own)).toBe(9 * HOUR);
  // Another attempt has failed: it is parked anew, and not younger.
  await own.store.park({ callback: old, attempts: 7, dueAt: NOW + 6 * HOUR });
  expect(await oldestWaitMs(own)).toBe(9 * HOUR);
});

test('of many callbacks a bounded number is read, those that are due next', async () => {
  const own = ports();
  let reads = 0;
  const store = {
    ...own.store,
    get: async (due: Parameters<typeof own.store.get>[0]) => (reads++, own.store.get(due)),
  };
  for (let index = 0; index < 600; index += 1)
    await own.store.park({ callback: endedAgo(index), attempts: 7, dueAt: NOW + index });
  expect(await oldestWaitMs({ ...own, store })).toBe(499 * HOUR);
  expect(reads).toBe(500);
});
