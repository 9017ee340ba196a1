import { beforeAll, describe, expect, it } from 'vitest';
import { PROJECT } from './program/patched-core.ts';
import { searchSeeds } from './program/search.ts';
import { loadCore, type Core } from './world/core.ts';
import { runSeed } from './world/world.ts';

const SEEDS = 5_000;

describe('simulated worlds', () => {
  it(`hold every invariant over ${SEEDS} seeds`, { timeout: 180_000 }, async () => {
    const { failure, seeds, observations } = await searchSeeds({ root: PROJECT, from: 1, seeds: SEEDS, threads: 2 });
    expect(failure, `replay it: npm run simulate -- --seed ${failure?.seed}`).toBeNull();
    expect(seeds).toBe(SEEDS);
    // Worlds in which nothing happens would prove nothing.
    expect(observations / seeds).toBeGreaterThan(50);
  });
});

describe('a seed', () => {
  let core: Core;
  beforeAll(async () => {
    core = await loadCore(PROJECT);
  });

  it('replays the same world, event by event, with or without its trace', async () => {
    for (const seed of [2, 17, 40]) {
      const first = await runSeed(core, seed, { trace: true });
      const second = await runSeed(core, seed, { trace: true });
      expect(second).toEqual(first);
      expect(await runSeed(core, seed)).toEqual({ ...first, trace: [] });
    }
  });

  it('makes worlds of every kind: all ends, and all that may go wrong', async () => {
    const ends = new Map<string, number>();
    const said = new Set<string>();
    const words = ['DIES', 'DUPLICATE', 'EXPIRES', 'DEAD LETTER', 'CLOCK', '!!', 'throttled', 'hangs', 'time limit'];
    for (let seed = 1; seed <= 400; seed += 1) {
      const result = await runSeed(core, seed, { trace: true });
      for (const end of result.ends) ends.set(end, (ends.get(end) ?? 0) + 1);
      const trace = result.trace.join('\n');
      for (const word of words) if (trace.includes(word)) said.add(word);
    }
    expect([...ends.keys()].sort()).toEqual(['cancelled', 'failed', 'succeeded']);
    // Most worlds must let work come to a good end, or its protection is not tried.
    expect(ends.get('succeeded')).toBeGreaterThan(200);
    expect([...said].sort()).toEqual([...words].sort());
  });
});
