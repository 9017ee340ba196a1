import { expect, it } from 'vitest';
import { waitForHomeMs } from '#runtime/handlers/wait-for-home.ts';

it('a message whose home is not held waits longer each time, six minutes in all, and is deleted then', () => {
  const task = { type: 'task' } as const;
  const waits = Array.from({ length: 9 }, (_, before) => waitForHomeMs(task, before + 1) ?? 0);
  expect(waits.slice(0, 6)).toEqual([4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(360_000);
  expect(waitForHomeMs(task, 10)).toBeNull();
});

it.each(['object', 'item'] as const)('a message of a state machine, of an %s, is never deleted', (type) => {
  const waits = Array.from({ length: 100 }, (_, before) => waitForHomeMs({ type }, before + 1) ?? 0);
  expect([...waits.slice(0, 2), waits.at(-1)]).toEqual([4_000, 8_000, 300_000]);
  expect(waits.reduce((sum, ms) => sum + ms, 0) / 3_600_000).toBeGreaterThan(7);
});
