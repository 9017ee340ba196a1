import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { describePatch, PatchedCore, PROJECT } from '../program/patched-core.ts';
import { loadRegionsCore, type RegionsCore } from './core.ts';
import { mutantsOf } from './mutants.ts';
import { caughtByWorlds, runGlobalSeeds } from './world/seeds.ts';
import { runGlobalSeed } from './world/world.ts';

/** `worlds.nightly.test.ts` runs more, and tries all mutants. */
const SEEDS = 30;
const SAMPLE = new Set(['takeover-writes-old-key', 'adopted-without-bar', 'stale-round-counts']);

let core: RegionsCore;
beforeAll(async () => {
  core = await loadRegionsCore(PROJECT);
});

describe('worlds of three regions', () => {
  it('replay event by event', async () => {
    const first = await runGlobalSeed(core, 4, { isTraced: true });
    expect(first.trace.length).toBeGreaterThan(20);
    expect(await runGlobalSeed(core, 4, { isTraced: true })).toEqual(first);
  });

  it(`hold G1 to G7 for ${SEEDS} seeds, with takeovers of tasks in the middle of their work`, async () => {
    const { violations, seen } = await runGlobalSeeds(core, SEEDS);
    expect(violations, 'replay one: npm run simulate -- --regions --seed N').toEqual([]);
    expect(seen['takeover']).toBeGreaterThan(10);
    expect(seen['task that another region went on with']).toBeGreaterThan(5);
    expect(seen['task made from its pledge']).toBeGreaterThan(0);
  });
});

describe('planted bugs', async () => {
  const all = (await Promise.all((['search', 'worlds', 'spending'] as const).map(mutantsOf))).flat();
  const sample = (await mutantsOf('worlds')).filter((patch) => SAMPLE.has(basename(patch, '.patch')));

  it('are many, apply, and name the invariant that they break', async () => {
    expect(all.length).toBeGreaterThan(25);
    for (const patch of all) {
      expect(await describePatch(patch)).toMatch(/\(([GI]\d(, )?)+\)\.$/);
      await promisify(execFile)('git', ['apply', '--check', '-p1', '-C1', '--recount', patch]);
    }
  });

  it.each(sample.map((patch) => [basename(patch, '.patch'), patch] as const))('%s is found', async (_, patch) => {
    await using patched = await PatchedCore.make(patch);
    expect(await caughtByWorlds(await loadRegionsCore(patched.root), 100)).toBeTruthy();
  });
});
