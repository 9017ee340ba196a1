import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { exitCodeOf } from '#cli/exit-code.ts';
import { FLEET_HOME } from '#cli/fleet/paths.ts';
import { parseFlags } from '#cli/parse-options.ts';
import { wholeOption } from '#cli/whole-option.ts';
import { chaos, type ChaosOptions } from './run.ts';
import { complaints } from './verdict.ts';

const optionsSchema = z.object({
  kills: wholeOption(0, 1_000),
  documents: wholeOption(1, 100_000),
  seed: wholeOption(0, 2 ** 32 - 1),
  agents: wholeOption(2, 1_000),
  latency: wholeOption(0, 600_000),
  workersOnly: z.boolean().default(false),
  json: z.boolean().default(false),
});

function program(): Command {
  return new Command('chaos')
    .description(
      'Runs documents through a fleet, kills the fleet repeatedly, and checks that nothing is lost or done twice.',
    )
    .option('--kills <n>', 'how often to kill the whole process tree (kill -9) and restart it', '10')
    .option('--documents <n>', 'number of sample contracts, all of them valid', '300')
    .option('--seed <n>', 'seed for the contracts and the kill times', '1')
    .option('--agents <n>', 'documents in progress at the same time', '20')
    .option('--latency <ms>', 'time per simulated answer', '1000')
    .option('--workers-only', 'kill all workers at once and leave the rest of the fleet running')
    .option('--json', 'print one JSON object to stdout')
    .exitOverride()
    .addHelpText(
      'after',
      '\nExit codes: 0 success, 1 something was lost, doubled or repeated, or the run failed, 2 invalid usage.' +
        '\n\nExamples:\n  npm run chaos -- --kills 10 --documents 300\n  npm run chaos -- --kills 3 --documents 40 --seed 42 --agents 10 --latency 300 --json' +
        '\n  npm run chaos -- --workers-only --kills 1 --documents 2000 --agents 50 --latency 200',
    );
}

/** Runs the program and returns its exit code. Progress goes to stderr. */
export async function runChaos(argv: readonly string[]): Promise<number> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const parsed = parse(argv);
  if (typeof parsed === 'number') return parsed;
  const folder = join(FLEET_HOME, 'chaos', String(parsed.seed));
  try {
    const result = await chaos({ ...parsed, folder }, say);
    process.stdout.write(parsed.json ? `${JSON.stringify(result)}\n` : `${table(result)}\n`);
    const wrong = complaints(result);
    if (wrong.length === 0) return 0;
    say(`Failed: ${wrong.join(', ')}. ${evidenceIn(folder, parsed.seed)}`);
  } catch (error) {
    say(
      `The run did not finish: ${error instanceof Error ? error.message : String(error)}\n${evidenceIn(folder, parsed.seed)}`,
    );
  }
  return 1;
}

const evidenceIn = (folder: string, seed: number): string =>
  `See fleet.log, claude-ledger.jsonl and cloud/logs in ${folder}/data. Repeat the same kill times with --seed ${seed}.`;

const table = (result: object): string =>
  Object.entries(result)
    .map(([name, value]) => `${name.padEnd(24)}${String(value)}`)
    .join('\n');

function parse(argv: readonly string[]): (Omit<ChaosOptions, 'folder'> & { json: boolean }) | number {
  try {
    return parseFlags(optionsSchema, program().parse(argv, { from: 'user' }).opts(), 'See npm run chaos -- --help.');
  } catch (error) {
    return exitCodeOf(error);
  }
}
