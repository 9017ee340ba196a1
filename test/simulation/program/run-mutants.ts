import { count, duration } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { shippedMutants, tryMutants, type MutantResult } from './mutants.ts';
import type { Options } from './options.ts';

/** Seeds a mutant has to survive to count as not caught: four times what is searched by default. */
const DEFAULT_SEEDS = 20_000;

/** Plants bugs one at a time and says which were caught; the exit code is 1 when one survived. */
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
    output.line(`${name} survived ${count(seeds, 'seed')}: the checks do not see this bug.`);
  const [first] = results;
  if (mutant !== undefined && first?.caught) {
    output.line(`See how: npm run simulate -- --seed ${first.caught.seed} --mutant ${mutant}`);
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
