import { count, duration } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { shippedMutants, tryMutants, type MutantResult } from './mutants.ts';
import type { Options } from './options.ts';

/** A mutant that passes this many seeds counts as not caught. Four times the default search. */
const DEFAULT_SEEDS = 20_000;

/** Plants bugs one at a time and prints which were caught. Returns 1 as exit code if one survived. */
export async function runMutants(options: Options, output: Output): Promise<number> {
  const { from, threads, seeds = DEFAULT_SEEDS, mutant } = options;
  const begun = performance.now();
  const patches = mutant === undefined ? await shippedMutants() : [mutant];
  output.progress(`${count(patches.length, 'mutant')}…`);
  const results = await tryMutants(patches, { from, seeds, threads }, (result) => output.line(lineOf(result)));
  output.progress('');
  const survivors = results.filter(({ caught }) => !caught);
  const caught = `${results.length - survivors.length} of ${count(results.length, 'mutant')} caught`;
  output.line(`\n${caught} in ${duration(performance.now() - begun)}.`);
  for (const { name, seeds } of survivors)
    output.line(`${name} survived ${count(seeds, 'seed')}: no check detects this bug.`);
  const [first] = results;
  if (mutant !== undefined && first?.caught) {
    output.line(`Replay it: npm run simulate -- --seed ${first.caught.seed} --mutant ${mutant}`);
  }
  if (options.json) output.json({ mutants: results, survivors: survivors.map(({ name }) => name) });
  return survivors.length > 0 ? 1 : 0;
}

function lineOf({ name, caught, seeds, ms }: MutantResult): string {
  const time = duration(ms).padStart(4);
  return caught
    ? `caught    ${name.padEnd(38)} ${caught.check.padEnd(5)} by seed ${String(caught.seed).padEnd(5)} ${time}  ${caught.what}`
    : `SURVIVED  ${name.padEnd(38)} ${seeds} seeds ${time}`;
}
