import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareOut, shareWorkers } from '#lib/share-out.ts';

test('divides the exact number of agents among as few workers as possible', () => {
  expect(shareOut(50, 5)).toEqual({ workers: 10, tasksPerWorker: 5 });
  expect(shareOut(500, 10)).toEqual({ workers: 50, tasksPerWorker: 10 });
  expect(shareOut(6, 5)).toEqual({ workers: 2, tasksPerWorker: 3 });
  expect(shareOut(7, 5)).toEqual({ workers: 7, tasksPerWorker: 1 });
  expect(shareOut(2, 5)).toEqual({ workers: 2, tasksPerWorker: 1 });
});

test('always runs the exact number of agents, with at least two workers', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 1_000 }), fc.integer({ min: 1, max: 10 }), (agents, most) => {
      const { workers, tasksPerWorker } = shareOut(agents, most);
      expect(workers * tasksPerWorker).toBe(agents);
      expect(workers).toBeGreaterThanOrEqual(2);
      expect(tasksPerWorker).toBeLessThanOrEqual(most);
    }),
  );
});

test('gives the high queue a fifth of a pool’s workers, and each queue at least two', () => {
  const shares = [4, 5, 10, 50].map((workers) => shareWorkers(workers));
  expect(shares.map(({ high, default: other }) => [high.maximumConcurrency, other.maximumConcurrency])).toEqual([
    [2, 2],
    [2, 3],
    [2, 8],
    [10, 40],
  ]);
  expect(shareWorkers()).toEqual(shareWorkers(5));
});
