import { Command } from 'commander';
import { z } from 'zod';
import { exitCodeOf } from '#cli/exit-code.ts';
import { watchInterruption } from '#cli/interruption.ts';
import { parseFlags } from '#cli/parse-options.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { table } from '#cli/terminal/table.ts';
import { wrongUsage } from '#cli/user-error.ts';
import { playGameday, type Played } from './play.ts';
import { scenarios } from './scenarios/index.ts';
import type { Scenario } from './scenarios/scenario.ts';

const optionsSchema = z.object({ only: z.array(z.string()).default([]), json: z.boolean().default(false) });

const program = (): Command =>
  new Command('gameday')
    .description(
      'Breaks a fleet in seven ways, one after the other: waits for the alarm of each, runs the commands of its section in docs/runbook.md, mends it, and waits until the alarm clears.',
    )
    .option('--only <names...>', `some of: ${scenarios.map(({ name }) => name).join(', ')} (default: all)`)
    .option('--json', 'one JSON object on stdout, progress on stderr')
    .exitOverride()
    .addHelpText(
      'after',
      '\nIt starts a fleet of its own, with a simulated model, and removes it at the end. It takes up to 30 minutes.' +
        '\n\nExit codes: 0 every alarm rang within two minutes and cleared, and every command of its section worked; 1 otherwise; 2 wrong usage.' +
        '\n\nExamples:\n  npm run gameday\n  npm run gameday -- --only failing-tool poison-task\n  npm run gameday -- --json',
    );

/** Runs the program and returns its exit code. */
export async function runGameday(argv: readonly string[]): Promise<number> {
  const output = terminalOutput(argv.includes('--json'));
  try {
    const { only, json } = parseFlags(
      optionsSchema,
      program().parse(argv, { from: 'user' }).opts(),
      'See npm run gameday -- --help.',
    );
    const { signal } = watchInterruption(() => output.line('Stopping: the fleet of the game day is removed.'));
    const begun = performance.now();
    const played = await playGameday(chosen(only), { output, signal });
    const totalS = Math.round((performance.now() - begun) / 1_000);
    if (json) output.json({ totalS, scenarios: played.map(figuresOf) });
    else output.line(`${tableOf(played)}\n\n${totalS} s in all.`);
    const complaints = played.flatMap(({ name, complaints }) => complaints.map((each) => `${name}: ${each}`));
    for (const complaint of complaints) output.line(`! ${complaint}`);
    return complaints.length === 0 ? 0 : 1;
  } catch (error) {
    return exitCodeOf(error);
  }
}

const figuresOf = ({ name, alarm, firedAfterS, clearedAfterS, commands }: Played) => ({
  name,
  alarm,
  firedAfterS,
  clearedAfterS,
  commands,
});

function chosen(only: readonly string[]): readonly Scenario[] {
  const unknown = only.find((name) => scenarios.every((each) => each.name !== name));
  if (unknown !== undefined)
    throw wrongUsage(`No scenario is called ${unknown}.`, `Use ${scenarios.map(({ name }) => name).join(', ')}.`);
  return only.length === 0 ? scenarios : scenarios.filter(({ name }) => only.includes(name));
}

const seconds = (value: number | null): string => (value === null ? 'never' : `${value} s`);

const tableOf = (played: readonly Played[]): string =>
  table(
    [
      { name: 'scenario' },
      { name: 'alarm' },
      { name: 'fired after', align: 'right' },
      { name: 'cleared after', align: 'right' },
    ],
    played.map(({ name, alarm, firedAfterS, clearedAfterS }) => [
      name,
      alarm,
      seconds(firedAfterS),
      seconds(clearedAfterS),
    ]),
  );
