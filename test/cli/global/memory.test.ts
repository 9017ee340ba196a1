import { expect, it } from 'vitest';
import { memoryMiB } from '#cli/global/demo/memory.ts';

it.skipIf(process.platform !== 'linux')('adds the memory of processes that are there, on Linux', () => {
  const own = memoryMiB([process.pid]) ?? 0;
  expect(own).toBeGreaterThan(20);
  // Nobody has this id: it is above what a process can have.
  expect(memoryMiB([process.pid, 2 ** 30])).toBeGreaterThan(20);
});

it('is unknown where no process says how much it takes', () => {
  expect(memoryMiB([2 ** 30])).toBeNull();
});
