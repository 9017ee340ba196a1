import { count, duration } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { loadRegionsCore } from '../regions/core.ts';
import { runGlobalSeed } from '../regions/world/world.ts';
import type { Options } from './options.ts';

const DEFAULT_SEEDS = 200;

/** Runs worlds of three regions, or replays one with its trace. Returns the exit code. */
export async function runRegions(root: string, options: Options, output: Output): Promise<number> {
  const core = await loadRegionsCore(root);
  const { from, seed, seeds = DEFAULT_SEEDS } = options;
  const begun = performance.now();
  const last = seed ?? from + seeds - 1;
  let [tasks, simulatedMs] = [0, 0];
  for (let at = seed ?? from; at <= last; at += 1) {
    const result = await runGlobalSeed(core, at, { isTraced: seed !== undefined });
    tasks += result.tasks;
    simulatedMs += result.simulatedMs;
    for (const line of result.trace) output.line(line);
    if (result.violation) {
      const { check, what } = result.violation;
      output.line(`Seed ${at} broke ${check}: ${what}.\nReplay it: npm run simulate -- --regions --seed ${at}`);
      if (options.json) output.json({ seed: at, violation: result.violation });
      return 1;
    }
    output.progress(`seed ${at} of ${last}`);
  }
  output.progress('');
  const ms = performance.now() - begun;
  const run = last - (seed ?? from) + 1;
  output.line(
    `${count(run, 'world')} of three regions, ${count(tasks, 'task')}, ${duration(simulatedMs)} of simulated time in ${duration(ms)}.`,
  );
  output.line('No invariant was broken.');
  if (options.json) output.json({ seeds: run, tasks, simulatedMs, violation: null });
  return 0;
}
