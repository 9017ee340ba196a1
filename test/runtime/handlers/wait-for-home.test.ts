import { expect, it } from 'vitest';
import { waitForHomeMs } from '#runtime/handlers/wait-for-home.ts';

it('a message whose home is not held waits longer each time, six minutes in all, and is deleted then', () => {
  const waits = Array.from({ length: 9 }, (_, before) => waitForHomeMs(before + 1) ?? 0);
  expect(waits.slice(0, 6)).toEqual([4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(360_000);
  expect(waitForHomeMs(10)).toBeNull();
});
