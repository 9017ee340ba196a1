import { count, duration } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { loadCore } from '../world/core.ts';
import { runSeed, type SeedResult } from '../world/world.ts';
import type { Options } from './options.ts';
import { searchSeeds } from './search.ts';

const DEFAULT_SEEDS = 5_000;
/** The last lines of a failed seed's trace, printed by default. */
const LAST_LINES = 60;

/** Searches seeds, prints the result and returns the exit code. */
export async function searchForFailures(root: string, options: Options, output: Output): Promise<number> {
  const { from, threads, minutes, seeds = minutes === undefined ? DEFAULT_SEEDS : Infinity } = options;
  const ms = minutes === undefined ? {} : { ms: minutes * 60_000 };
  const wanted = minutes === undefined ? count(seeds, 'seed') : `as many as run in ${minutes} min`;
  const result = await searchSeeds({ root, from, seeds, threads, ...ms }, (done) =>
    output.progress(`${done.toLocaleString('en-US')} of ${wanted}`),
  );
  output.progress('');
  const { failure, observations, simulatedMs } = result;
  output.line(
    `${count(result.seeds, 'seed')}, ${count(observations, 'effect')} checked, ${duration(simulatedMs)} of simulated time ` +
      `in ${duration(result.ms)} (${(result.ms / result.seeds).toFixed(1)} ms per seed)`,
  );
  if (failure) await showFailure(root, failure.seed, options, output);
  else output.line('No invariant was broken.');
  if (options.json) {
    output.json({ seeds: result.seeds, observations, simulatedMs, ms: Math.round(result.ms), failure });
  }
  return failure ? 1 : 0;
}

/** Replays one seed, prints its trace and returns the exit code. */
export async function replaySeed(root: string, seed: number, options: Options, output: Output): Promise<number> {
  const result = await runSeed(await loadCore(root), seed, { trace: true });
  if (!options.json) {
    output.line(`seed ${seed}: ${JSON.stringify(result.plan, null, 1).replaceAll(/\s*\n\s*/g, ' ')}\n`);
    for (const line of result.trace) output.line(line);
    output.line();
  }
  output.line(verdict(result));
  if (options.json) output.json(result);
  return result.violation ? 1 : 0;
}

async function showFailure(root: string, seed: number, options: Options, output: Output): Promise<void> {
  const result = await runSeed(await loadCore(root), seed, { trace: true });
  output.line(`\n${verdict(result)}\n`);
  const { trace } = result;
  if (trace.length > LAST_LINES) output.line(`… ${count(trace.length - LAST_LINES, 'earlier event')}`);
  for (const line of trace.slice(-LAST_LINES)) output.line(line);
  const mutant = options.mutant === undefined ? '' : ` --mutant ${options.mutant}`;
  output.line(`\nReplay it from the start: npm run simulate -- --seed ${seed}${mutant}`);
}

function verdict({ seed, violation, observations, simulatedMs }: SeedResult): string {
  const held = `${count(observations, 'effect')} checked in ${duration(simulatedMs)} of simulated time`;
  return violation
    ? `Seed ${seed} broke ${violation.check}: ${violation.what}.`
    : `Seed ${seed} broke no invariant: ${held}.`;
}
