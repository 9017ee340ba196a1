import { beforeAll, describe, expect, it } from 'vitest';
import { PROJECT } from './program/patched-core.ts';
import { loadCore, type Core } from './world/core.ts';
import { planOf } from './world/plan.ts';
import { maybeRollOut, rollOut } from './world/versions.ts';
import { runWorld } from './world/world.ts';

const SEEDS = 150;

describe('workers of two versions at once, a deploy in the middle and a rollback', () => {
  let core: Core;
  beforeAll(async () => {
    core = await loadCore(PROJECT);
  });

  it(`hold every invariant in ${SEEDS} worlds, and tasks of both versions wait and are finished`, async () => {
    const ends = new Map<string, number>();
    let waited = 0;
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const result = await runWorld(core, rollOut(planOf(seed)), { trace: true });
      expect(result.violation, `seed ${seed}:\n${result.trace.slice(-40).join('\n')}`).toBeNull();
      for (const end of result.ends) ends.set(end, (ends.get(end) ?? 0) + 1);
      waited += result.trace.filter((line) => line.includes('parked (agent-version)')).length;
    }
    expect(waited).toBeGreaterThan(150);
    expect(ends.get('succeeded')).toBeGreaterThan(300);
  });

  it('are among the worlds that seeds draw', () => {
    const some = Array.from({ length: 400 }, (_, seed) => maybeRollOut(planOf(seed)).rollout !== undefined);
    expect(some.filter(Boolean).length).toBeGreaterThan(8);
  });
});
