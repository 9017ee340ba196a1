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

  it('replays the same world event by event, with or without a trace', async () => {
    for (const seed of [2, 17, 40]) {
      const first = await runSeed(core, seed, { trace: true });
      const second = await runSeed(core, seed, { trace: true });
      expect(second).toEqual(first);
      expect(await runSeed(core, seed)).toEqual({ ...first, trace: [] });
    }
  });

  it(`holds every invariant, and ${SEEDS} of them cover every end and every fault`, async () => {
    const ends = new Map<string, number>();
    const seen = new Set<string>();
    const words = ['DIES', 'DUPLICATE', 'EXPIRES', 'DEAD LETTER', 'CLOCK', '!!', 'throttled', 'hangs', 'time limit'];
    const areas = ['BATCH ENDS', 'settled', '"summary"', 'escalations.replace', 'delivers', 'paces.replace'];
    words.push(...areas);
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const result = await runSeed(core, seed, { trace: true });
      expect(result.violation, `replay it: npm run simulate -- --seed ${seed}`).toBeNull();
      for (const end of result.ends) ends.set(end, (ends.get(end) ?? 0) + 1);
      const trace = result.trace.join('\n');
      for (const word of words) if (trace.includes(word)) seen.add(word);
    }
    expect([...ends.keys()].sort()).toEqual(['cancelled', 'escalated', 'failed', 'succeeded']);
    // Most work must succeed, or the protection of success is not tested.
    expect(ends.get('succeeded')).toBeGreaterThan(200);
    expect([...seen].sort()).toEqual([...words].sort());
  });
});
