import { join } from 'node:path';
import { expect, it } from 'vitest';
import { overlapsOf, type Belief } from '#cli/global/demo/history.ts';
import { PatchedCore, PROJECT } from '../program/patched-core.ts';
import { loadRegionsCore, type RegionsCore } from './core.ts';
import { runGlobalSeed, type OnHolders } from './world/world.ts';

/** The checker that judges the demo judges the worlds, too. It knows nothing of the core. */
const WORLDS = 200;

/** Who believed to hold which home when, in the world of one seed. */
async function historyOf(core: RegionsCore, seed: number): Promise<Belief[]> {
  const closed: Belief[] = [];
  const open = new Map<string, Belief>();
  const onHolders: OnHolders = (at, home, holders) => {
    for (const [key, belief] of open) {
      if (belief.home !== String(home)) continue;
      const stays = holders.some(([region, epoch]) => belief.region === String(region) && belief.epoch === epoch);
      if (stays) continue;
      closed.push({ ...belief, until: at });
      open.delete(key);
    }
    for (const [region, epoch] of holders) {
      const key = `${home} ${region}`;
      if (!open.has(key))
        open.set(key, { home: String(home), region: String(region), epoch, from: at, until: Infinity });
    }
  };
  await runGlobalSeed(core, seed, { onHolders });
  return [...closed, ...open.values()];
}

it(`no two regions believe to hold a home at once in ${WORLDS} worlds with faults`, async () => {
  const core = await loadRegionsCore(PROJECT);
  let beliefs = 0;
  let takeovers = 0;
  for (let seed = 1; seed <= WORLDS; seed += 1) {
    const history = await historyOf(core, seed);
    expect(overlapsOf(history), `seed ${seed}`).toEqual([]);
    beliefs += history.length;
    takeovers += history.filter(({ home, region }) => home !== region).length;
  }
  expect(beliefs).toBeGreaterThan(3 * WORLDS);
  expect(takeovers).toBeGreaterThan(50);
});

it('finds two holders where the lease counts stale rounds', async () => {
  const patch = join(import.meta.dirname, 'mutants/worlds/stale-round-counts.patch');
  await using patched = await PatchedCore.make(patch);
  const core = await loadRegionsCore(patched.root);
  for (let seed = 1; seed <= WORLDS; seed += 1) if (overlapsOf(await historyOf(core, seed)).length > 0) return;
  expect.unreachable('No world showed it.');
});
