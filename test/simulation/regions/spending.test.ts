import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PatchedCore, PROJECT } from '../program/patched-core.ts';
import { loadRegionsCore } from './core.ts';
import { mutantsOf } from './mutants.ts';
import { runSpending } from './world/spending.ts';

const SEEDS = 150;
/** What a region could spend without gifts, of a day's $30. */
const PART_USD = 10;

it(`holds I4 for one day's budget in ${SEEDS} worlds in which one region spends more than its part`, async () => {
  const core = await loadRegionsCore(PROJECT);
  const spent: number[] = [];
  let gifts = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { heldUsd, seen, violation } = await runSpending(core, seed);
    expect(violation, `seed ${seed}`).toBeNull();
    spent.push(heldUsd);
    gifts += seen['gift'] ?? 0;
  }
  expect(gifts).toBeGreaterThan(SEEDS);
  // Nearly all of it can be spent, although one region has most of the calls.
  const most = spent.filter((usd) => usd > 2.9 * PART_USD);
  expect(most.length).toBeGreaterThan(SEEDS / 2);
});

describe('a planted bug', async () => {
  const patches = await mutantsOf('spending');

  it.each(patches.map((patch) => [basename(patch, '.patch'), patch] as const))('%s is found', async (_, patch) => {
    await using patched = await PatchedCore.make(patch);
    const core = await loadRegionsCore(patched.root);
    for (let seed = 1; seed <= SEEDS; seed += 1) if ((await runSpending(core, seed)).violation) return;
    expect.unreachable('No world showed it.');
  });
});
