import type { Command } from 'commander';
import { examples } from '#cli/api/api-command.ts';
import type { CliSystem } from '#cli/system.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { parseSupportOptions } from './options.ts';

/** Adds `fleet support`. */
export function addSupport(fleet: Command, systems: readonly CliSystem[]): void {
  fleet
    .command('support')
    .description(
      'simulates a day of the support system: customers write, the fleet answers, and the results are checked',
    )
    .option('--minutes <n>', 'duration of the simulated day; message rates stay those of a whole day', '3')
    .option('--volume <n>', 'multiple of the expected volume (systems/support/load/volume.ts)', '1')
    .option('--seed <n>', 'seed of the customers and messages; the same seed generates the same ones', '7')
    .option('--out <dir>', 'folder for support.html and support.json (default: reports/<id>)')
    .option('--json', 'print one JSON object on stdout, progress on stderr')
    .addHelpText(
      'after',
      '\nUses the running fleet on this machine. If there is none, it starts a temporary one, whose simulated model takes 800 ms plus 15 ms per output token.' +
        '\n\nExit codes: 0 no message was lost, doubled or failed, no refund was doubled or undue, and the agent resolved no message that needs a person; 1 otherwise; 2 wrong usage.\n' +
        examples('support', 'support --minutes 5 --volume 10', 'support --minutes 0.1 --seed 3 --json'),
    )
    .action(async (raw: unknown) => {
      const options = parseSupportOptions(raw);
      // Loaded here, so that no other command waits for the local cloud to load.
      const { supportCommand } = await import('./command.ts');
      await supportCommand(systems, options, terminalOutput(options.json));
    });
}
