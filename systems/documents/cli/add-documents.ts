import type { Command } from 'commander';
import type { CliSystem } from '#cli/system.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { parseDocumentsOptions } from './options.ts';

/** Adds `fleet documents`. */
export function addDocuments(fleet: Command, systems: readonly CliSystem[]): void {
  fleet
    .command('documents')
    .argument(
      '[folder]',
      'folder with the documents: every regular, non-hidden file in it and its subfolders, and links to such files',
    )
    .description('analyses the contracts in a folder and downloads the report')
    .option('--out <dir>', 'folder for report.html, report.json and report.csv (default: reports/<run id>)')
    .option('--agents <n>', 'documents analysed in parallel (default: 50); only if no fleet is running')
    .option('--latency <ms>', 'duration of a simulated answer (default: 2400); only if no fleet is running')
    .option('--max-usd <n>', 'maximum cost of the run, checked before each model call')
    .option('--json', 'one JSON object on stdout, progress on stderr')
    .option('--yes', 'starts without asking, however many documents there are')
    .option('--run <id>', 'reattaches to a run')
    .option('--retry-failed <id>', 'retries the failed documents of a run, within what is left of its limit')
    .option('--resume <id>', 'continues the interrupted upload of a folder, with its limit')
    .option('--discard <id>', 'deletes what an interrupted upload has stored; it cannot be resumed')
    .addHelpText(
      'after',
      '\nIf no fleet is running, the command starts one and stops it at the end.' +
        '\n\nThe command asks before it uploads more than 1,000 documents, and before a run that may cost more than $50. A retry asks before as much.' +
        ' Ctrl-C during the upload gives it up: its run never starts.' +
        '\n\nExit codes: 0 the run ended and every document is in the report, 1 otherwise, 2 wrong usage.' +
        '\n\nExamples:\n  npm run fleet -- documents ~/contracts' +
        '\n  npm run fleet -- documents ~/contracts --out report --json --max-usd 5' +
        '\n  npm run fleet -- documents --run 20261123-231500-3fa9' +
        '\n  npm run fleet -- documents ~/contracts --resume 20261123-231500-3fa9',
    )
    .action(async (folder: string | undefined, raw: unknown) => {
      const options = parseDocumentsOptions(raw, folder);
      const output = terminalOutput(options.json);
      const { documentsCommand } = await import('./command.ts');
      const summary = await documentsCommand(systems, folder, options, output);
      if (options.json && summary !== null) output.json(summary);
    });
}
