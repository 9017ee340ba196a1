import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PatchedCore, PROJECT } from '../program/patched-core.ts';
import { loadRegionsCore } from './core.ts';
import { mutantsOf } from './mutants.ts';
import { caughtByWorlds, runGlobalSeeds } from './world/seeds.ts';

/** `worlds.test.ts` runs the first few. */
const SEEDS = 1_500;

it(`G1 to G7 hold in ${SEEDS} worlds of three regions`, async () => {
  const { violations, seen } = await runGlobalSeeds(await loadRegionsCore(PROJECT), SEEDS);
  expect(violations, 'replay one: npm run simulate -- --regions --seed N').toEqual([]);
  expect(seen['task that another region went on with']).toBeGreaterThan(300);
  expect(seen['task made from another replica']).toBeGreaterThan(50);
  // The bound on losses is one that worlds come close to.
  expect(seen['task lost with its region']).toBeGreaterThan(0);
});

describe('a planted bug', async () => {
  const patches = await mutantsOf('worlds');

  it.each(patches.map((patch) => [basename(patch, '.patch'), patch] as const))('%s is found', async (_, patch) => {
    await using patched = await PatchedCore.make(patch);
    expect(await caughtByWorlds(await loadRegionsCore(patched.root), SEEDS)).toBeTruthy();
  });
});
