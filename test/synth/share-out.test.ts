import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareOut } from '../../lib/share-out.ts';

test('so many agents, exactly, by as few workers as can be', () => {
  expect(shareOut(50)).toEqual({ workers: 10, tasksPerWorker: 5 });
  expect(shareOut(6)).toEqual({ workers: 2, tasksPerWorker: 3 });
  expect(shareOut(7)).toEqual({ workers: 7, tasksPerWorker: 1 });
  expect(shareOut(2)).toEqual({ workers: 2, tasksPerWorker: 1 });
});

test('no number of agents is off by one, and a mapping always has its two workers', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 1_000 }), (agents) => {
      const { workers, tasksPerWorker } = shareOut(agents);
      expect(workers * tasksPerWorker).toBe(agents);
      expect(workers).toBeGreaterThanOrEqual(2);
    }),
  );
});
