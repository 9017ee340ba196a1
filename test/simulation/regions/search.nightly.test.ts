import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { describePatch, PatchedCore, PROJECT } from '../program/patched-core.ts';
import { loadRegionsCore, type RegionsCore } from './core.ts';
import { mutantsOf } from './mutants.ts';
import { caughtBySearch, LARGE_LEASES, LARGE_PLEDGES, searchLease, searchPledge } from './search/instances.ts';

let core: RegionsCore;
beforeAll(async () => {
  core = await loadRegionsCore(PROJECT);
});

describe('every state of a lease', () => {
  it.each(LARGE_LEASES)('has one holder (G1): $name, $states states', (instance) => {
    const searched = searchLease(core, instance);
    expect(searched.violation).toBeNull();
    expect(searched.isComplete).toBe(instance.isComplete);
    expect(searched.seen['held by region 1']).toBeGreaterThan(0);
  });
});

describe('every state of a pledge', () => {
  it.each(LARGE_PLEDGES)(
    'has one end (G3) and no more spend than the budget (G6): $name, $states states',
    (instance) => {
      const searched = searchPledge(core, instance);
      expect(searched.violation).toBeNull();
      expect(searched.isComplete).toBe(instance.isComplete);
      expect(searched.seen).toHaveProperty(['epoch 34 announces the end of 34']);
    },
  );
});

describe('a planted bug', async () => {
  const patches = await mutantsOf('search');

  it.each(patches.map((patch) => [basename(patch, '.patch'), patch] as const))('%s is found', async (_, patch) => {
    expect(await describePatch(patch)).toMatch(/\((G\d(, )?)+\)\.$/);
    await using patched = await PatchedCore.make(patch);
    expect(caughtBySearch(await loadRegionsCore(patched.root))).toBeTruthy();
  });
});
