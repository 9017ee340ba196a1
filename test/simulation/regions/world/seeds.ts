import type { RegionsCore } from '../core.ts';
import { runGlobalSeed } from './world.ts';

/** Runs the first seeds. Returns what was violated, and how often what happened. */
export async function runGlobalSeeds(
  core: RegionsCore,
  seeds: number,
): Promise<{
  readonly violations: readonly string[];
  readonly seen: Readonly<Record<string, number>>;
  readonly takeoversMs: readonly number[];
}> {
  const takeoversMs: number[] = [];
  const violations: string[] = [];
  const seen: Record<string, number> = {};
  for (let seed = 1; seed <= seeds; seed += 1) {
    const result = await runGlobalSeed(core, seed);
    for (const [what, times] of Object.entries(result.seen)) seen[what] = (seen[what] ?? 0) + times;
    takeoversMs.push(...result.takeoversMs);
    if (result.violation) violations.push(`seed ${seed}, ${result.violation.check}: ${result.violation.what}`);
  }
  return { violations, seen, takeoversMs };
}

/** The first violation of a core with a planted bug. */
export async function caughtByWorlds(core: RegionsCore, seeds: number): Promise<string | null> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { violation } = await runGlobalSeed(core, seed);
    if (violation) return `seed ${seed}, ${violation.check}: ${violation.what}`;
  }
  return null;
}
