import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { PROJECT } from '#cli/fleet/paths.ts';
import { count, duration } from '#cli/terminal/format.ts';
import { terminalOutput, type Output } from '#cli/terminal/output.ts';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import { loadRegionsCore } from '../simulation/regions/core.ts';
import { buildPorcupine, judge, type Judgement } from './porcupine.ts';
import { recordWorlds } from './worlds.ts';

const EXAMPLES = `
Exit codes: 0 every history is right, 1 one is not, 2 invalid usage, 3 Go is missing and nothing was judged.

Examples:
  npm run check:history                                       records 200 worlds and judges them
  npm run check:history -- --worlds 1000 --from 5000          records others
  npm run check:history -- .fleet-global/demo/leases.jsonl    judges the last demo`;

const whole = z.coerce.number({ error: 'must be a whole number' }).int().min(1);
const optionsSchema = z.object({
  worlds: whole.default(200),
  from: whole.default(1),
  json: z.boolean().default(false),
});
type Options = z.output<typeof optionsSchema>;

/** Runs the command line and returns its exit code. */
export async function runCheckHistory(argv: readonly string[]): Promise<number> {
  try {
    let code = 0;
    await program(async (files, raw) => {
      code = await checkHistory(files, optionsOf(raw));
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

const program = (action: (files: readonly string[], raw: unknown) => Promise<void>): Command =>
  new Command('check:history')
    .description(
      'Judges histories of leases by Porcupine, which knows nothing of the fleet: each lease item must be a register with\n' +
        'conditional writes, as its callers saw it, and each home a lock.',
    )
    .argument('[files...]', 'recorded histories (default: worlds of the simulation are recorded)')
    .option('--worlds <n>', 'number of worlds to record (default: 200)')
    .option('--from <n>', 'first seed (default: 1)')
    .option('--json', 'print one JSON object to stdout, and messages to stderr')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(see npm run check:history -- --help)')
    .exitOverride()
    .action(action);

function optionsOf(raw: unknown): Options {
  const parsed = optionsSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`);
  throw wrongUsage(`${problems.join('; ')}.`, 'See npm run check:history -- --help.');
}

async function checkHistory(files: readonly string[], options: Options): Promise<number> {
  const output = terminalOutput(options.json);
  const porcupine = await buildPorcupine();
  const begun = performance.now();
  const judged = await judge(porcupine, files.length > 0 ? files : await record(options, output));
  output.progress('');
  const violations = judged.flatMap(({ file, violations: found }) => found.map((what) => `${file}: ${what}`));
  const undecided = judged.flatMap(({ file, undecided: open }) => open.map((what) => `${file}: ${what}`));
  for (const what of [...violations, ...undecided]) output.line(what);
  output.line(`${summary(judged)} in ${duration(performance.now() - begun)}.`);
  const isRight = violations.length + undecided.length === 0;
  output.line(
    isRight ? 'Every history is right.' : `${count(violations.length, 'violation')}, ${undecided.length} not decided.`,
  );
  if (options.json) output.json({ histories: judged });
  return isRight ? 0 : 1;
}

async function record({ worlds, from }: Options, output: Output): Promise<readonly string[]> {
  const core = await loadRegionsCore(PROJECT);
  const folder = join(PROJECT, '.cache', 'histories');
  return recordWorlds({ core, folder, from, worlds, onWorld: (seed) => output.progress(`recording seed ${seed}`) });
}

function summary(judged: readonly Judgement[]): string {
  const sum = (of: (one: Judgement) => number): number => judged.reduce((total, one) => total + of(one), 0);
  const [items, calls, open, holds] = [
    sum((one) => one.items),
    sum((one) => one.calls),
    sum((one) => one.open),
    sum((one) => one.holds),
  ];
  const histories = judged.length === 1 ? '1 history' : `${judged.length.toLocaleString('en-US')} histories`;
  const answers = `${open.toLocaleString('en-US')} without an answer`;
  return `${histories}, ${count(items, 'lease item')}, ${count(calls, 'call')} (${answers}), ${count(holds, 'time')} that a region held a home`;
}
