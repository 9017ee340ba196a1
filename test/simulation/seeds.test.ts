import { beforeAll, describe, expect, it } from 'vitest';
import { PROJECT } from './program/patched-core.ts';
import { loadCore, type Core } from './world/core.ts';
import { runSeed } from './world/world.ts';

const SEEDS = 400;

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

  it(`holds every invariant, and ${SEEDS} of them make worlds of every kind: all ends, and all that may go wrong`, async () => {
    const ends = new Map<string, number>();
    const said = new Set<string>();
    const words = ['DIES', 'DUPLICATE', 'EXPIRES', 'DEAD LETTER', 'CLOCK', '!!', 'throttled', 'hangs', 'time limit'];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const result = await runSeed(core, seed, { trace: true });
      expect(result.violation, `replay it: npm run simulate -- --seed ${seed}`).toBeNull();
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
