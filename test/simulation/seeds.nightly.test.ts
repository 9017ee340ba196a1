import { expect, it } from 'vitest';
import { PROJECT } from './program/patched-core.ts';
import { searchSeeds } from './program/search.ts';

/** `seeds.test.ts` runs the first few hundred. */
const SEEDS = 5_000;

it(`every invariant holds in ${SEEDS} simulated worlds`, { timeout: 180_000 }, async () => {
  const { failure, seeds, observations } = await searchSeeds({ root: PROJECT, from: 1, seeds: SEEDS, threads: 2 });
  expect(failure, `replay it: npm run simulate -- --seed ${failure?.seed}`).toBeNull();
  expect(seeds).toBe(SEEDS);
  // Worlds in which nothing happens prove nothing.
  expect(observations / seeds).toBeGreaterThan(50);
});
