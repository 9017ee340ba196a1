import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PatchedCore, PROJECT } from '../program/patched-core.ts';
import { loadRegionsCore, type RegionsCore } from './core.ts';
import { mutantsOf } from './mutants.ts';
import { caughtBySearch, searchLease, searchPledge, SMALL_LEASES, SMALL_PLEDGES } from './search/instances.ts';

/** `search.nightly.test.ts` tries all mutants of the lease, and searches further. */
const SAMPLE = ['lease-without-margin', 'lease-from-receipt', 'grant-not-stored', 'one-table-is-enough'];

let core: RegionsCore;
beforeAll(async () => {
  core = await loadRegionsCore(PROJECT);
});

describe('every state of a lease', () => {
  it.each(SMALL_LEASES)('has one holder (G1): $name, $states states', (instance) => {
    const searched = searchLease(core, instance);
    expect(searched.violation).toBeNull();
    expect(searched).toMatchObject({ states: instance.states, isComplete: true });
    // Where nobody takes over, nothing is proven.
    expect(searched.seen['held by region 0']).toBeGreaterThan(500);
    expect(searched.seen['held by region 1']).toBeGreaterThan(5_000);
  });
});

describe('every state of a pledge', () => {
  it.each(SMALL_PLEDGES)(
    'has one end (G3) and no more spend than the budget (G6): $name, $states states',
    (instance) => {
      const searched = searchPledge(core, instance);
      expect(searched.violation).toBeNull();
      expect(searched).toMatchObject({ states: instance.states, isComplete: true });
      expect(searched.seen).toHaveProperty(['epoch 17 announces the end of 0']);
      expect(searched.seen).toHaveProperty(['epoch 17 announces the end of 17']);
    },
  );
});

describe('a planted bug', async () => {
  const patches = await mutantsOf('search');
  const sample = patches.filter((patch) => SAMPLE.includes(basename(patch, '.patch')));

  it('is in the list of searched mutants', () => {
    expect(patches.length).toBeGreaterThan(15);
    expect(sample).toHaveLength(SAMPLE.length);
  });

  it.each(sample.map((patch) => [basename(patch, '.patch'), patch] as const))('%s is found', async (_, patch) => {
    await using patched = await PatchedCore.make(patch);
    expect(caughtBySearch(await loadRegionsCore(patched.root))).toBeTruthy();
  });
});
