import type { Command } from 'commander';
import type { CliSystem } from '#cli/system.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { parseDocumentsOptions } from './options.ts';

/** Adds `fleet documents`. */
export function addDocuments(fleet: Command, systems: readonly CliSystem[]): void {
  fleet
    .command('documents')
    .argument('[folder]', 'every regular, non-hidden file below it is a document')
    .description('analyses the contracts of a folder and brings the report')
    .option('--out <dir>', 'where report.html, report.json and report.csv go (default: reports/<run id>)')
    .option('--agents <n>', 'documents worked on at once (default: 50); for a fleet booted for the occasion')
    .option('--latency <ms>', 'time of one simulated answer (default: 2400); for a fleet booted for the occasion')
    .option('--max-usd <n>', 'most the run may cost; enforced before each model call')
    .option('--json', 'one JSON object on stdout, progress on stderr')
    .option('--run <id>', 'attaches to a run again')
    .option('--retry-failed <id>', 'runs the failed documents of a run again')
    .addHelpText(
      'after',
      '\nExit codes: 0 the run ended and every document is in the report, 1 otherwise, 2 wrong usage.' +
        '\n\nExamples:\n  npm run fleet -- documents ~/contracts' +
        '\n  npm run fleet -- documents ~/contracts --out report --json --max-usd 5' +
        '\n  npm run fleet -- documents --run 20261123-231500-3fa9',
    )
    .action(async (folder: string | undefined, raw: unknown) => {
      const options = parseDocumentsOptions(raw, folder);
      const output = terminalOutput(options.json);
      const { documentsCommand } = await import('./command.ts');
      const summary = await documentsCommand(systems, folder, options, output);
      if (options.json) output.json(summary);
    });
}
