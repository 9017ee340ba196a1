import type { Command } from 'commander';
import { examples } from '#cli/api/api-command.ts';
import type { CliSystem } from '#cli/system.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { parseSupportOptions } from './options.ts';

/** Adds `fleet support`. */
export function addSupport(fleet: Command, systems: readonly CliSystem[]): void {
  fleet
    .command('support')
    .description('a day of the support system: customers write, the fleet answers, and what became of it is counted')
    .option('--minutes <n>', 'how long the day takes; the rates are those of a whole day', '3')
    .option('--volume <n>', 'times the expected volume (systems/support/load/volume.ts)', '1')
    .option('--seed <n>', 'the same seed gives the same customers and messages', '7')
    .option('--out <dir>', 'where support.html and support.json go (default: reports/<id>)')
    .option('--json', 'one JSON object on stdout, progress on stderr')
    .addHelpText(
      'after',
      '\nUses the fleet that runs here; else it boots one for the occasion, whose simulated model takes 800 ms and 15 ms an output token.' +
        '\n\nExit codes: 0 nothing was lost, doubled or failed, no refund was doubled or undue, and no message that needs a person was resolved by the agent; 1 otherwise; 2 wrong usage.\n' +
        examples('support', 'support --minutes 5 --volume 10', 'support --minutes 0.1 --seed 3 --json'),
    )
    .action(async (raw: unknown) => {
      const options = parseSupportOptions(raw);
      // The local cloud takes its time to load, and no other command waits for it.
      const { supportCommand } = await import('./command.ts');
      await supportCommand(systems, options, terminalOutput(options.json));
    });
}
