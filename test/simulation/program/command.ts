import { Command, CommanderError } from 'commander';
import { terminalOutput } from '#cli/terminal/output.ts';
import { UserError } from '#cli/user-error.ts';
import { runMutants } from './run-mutants.ts';
import { parseOptions } from './options.ts';
import { PatchedCore, PROJECT } from './patched-core.ts';
import { runRegions } from './run-regions.ts';
import { replaySeed, searchForFailures } from './run-seeds.ts';

const EXAMPLES = `
Exit codes: 0 every seed passed (or every mutant was caught), 1 otherwise, 2 invalid usage.

Examples:
  npm run simulate                                  runs 5,000 seeds
  npm run simulate -- --seed 4711                   replays one seed and prints what happened
  npm run simulate -- --minutes 30 --from 1000000   searches seeds that have not run yet
  npm run simulate -- --mutants                     plants each shipped bug; each must be caught
  npm run simulate -- --mutant my.patch             plants your own bug: git diff core > my.patch
  npm run simulate -- --mutant my.patch --seed 7    replays a seed with your patch applied
  npm run simulate -- --regions                     runs 200 worlds of three regions
  npm run simulate -- --regions --seed 15           replays one of them`;

/** Runs the command line and returns its exit code. */
export async function runSimulate(argv: readonly string[]): Promise<number> {
  try {
    let code = 0;
    await program(async (raw) => {
      code = await simulate(raw);
    }).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has already printed the error. Only help exits with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n${error.remedy}\n`);
    return error.exitCode;
  }
}

function program(action: (raw: unknown) => Promise<void>): Command {
  return new Command('simulate')
    .description(
      'Runs the real core in simulated worlds, one per seed, with crashes, lost answers, duplicates, late writers,\n' +
        'wrong clocks and a throttling model, and checks every effect against the invariants in docs/architecture.md.',
    )
    .option('--seeds <n>', 'number of seeds to run (default: 5000)')
    .option('--from <n>', 'first seed (default: 1)')
    .option('--seed <n>', 'replay one seed and print its trace')
    .option('--minutes <m>', 'search for this many minutes instead of a number of seeds')
    .option('--mutants', 'plant the bugs in test/simulation/mutants one at a time; each must be caught')
    .option('--mutant <file>', 'plant the bug in this patch of core/')
    .option('--regions', 'run worlds of three regions, 200 by default')
    .option('--threads <n>', 'number of threads (default: 2)')
    .option('--json', 'print one JSON object to stdout, and messages to stderr')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(see npm run simulate -- --help)')
    .allowExcessArguments(false)
    .exitOverride()
    .action(action);
}

async function simulate(raw: unknown): Promise<number> {
  const options = parseOptions(raw);
  const output = terminalOutput(options.json);
  if (options.regions) return runRegions(PROJECT, options, output);
  if (options.mutants) return runMutants(options, output);
  if (options.mutant === undefined) {
    const { seed } = options;
    return seed === undefined
      ? searchForFailures(PROJECT, options, output)
      : replaySeed(PROJECT, seed, options, output);
  }
  if (options.seed === undefined) return runMutants({ ...options, mutant: options.mutant }, output);
  await using core = await PatchedCore.make(options.mutant);
  return await replaySeed(core.root, options.seed, options, output);
}
