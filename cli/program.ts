import { Command } from 'commander';
import { documentsCommand } from './documents/command.ts';
import { parseDocumentsOptions } from './documents/options.ts';
import { exitCodeOf } from './exit-code.ts';
import { downCommand } from './fleet/down.ts';
import { resetCommand } from './fleet/reset.ts';
import type { DocumentsSystem } from './system.ts';
import { permissionsCommand } from './permissions.ts';
import { outliveReaders } from './terminal/broken-pipe.ts';
import { terminalOutput } from './terminal/output.ts';
import { upCommand } from './up.ts';
import { wrongUsage } from './user-error.ts';

/** Runs the command line and answers with its exit code: 0 done, 1 not done, 2 wrong usage. */
export async function runProgram(argv: readonly string[], system: DocumentsSystem): Promise<number> {
  outliveReaders([process.stdout, process.stderr]);
  try {
    await program(system).parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    return exitCodeOf(error);
  }
}

function program(system: DocumentsSystem): Command {
  const fleet = new Command('fleet')
    .description('Runs a fleet of LLM agents on this machine: the same stack that cdk deploy puts on AWS.')
    .exitOverride()
    .showHelpAfterError('(see npm run fleet -- --help)')
    .addHelpText(
      'after',
      '\nExamples:\n  npm start\n  npm run fleet -- documents ~/contracts --out ~/report\n  npm run fleet -- documents --help',
    );
  addUp(fleet, system);
  addDown(fleet);
  addReset(fleet);
  addDocuments(fleet, system);
  addPermissions(fleet);
  return fleet;
}

function addUp(fleet: Command, system: DocumentsSystem): void {
  fleet
    .command('up')
    .description('brings the fleet up and keeps it running; the first start runs 60 sample contracts')
    .option('--port <port>', 'port of the AWS endpoint; 0 takes a free one', '4566')
    .option('--no-sample', 'do not run the sample contracts')
    .addHelpText('after', '\nExamples:\n  npm start\n  npm start -- --port 0 --no-sample')
    .action(async (options: { port: string; sample: boolean }) => {
      const port = Number(options.port);
      if (!Number.isInteger(port) || port < 0 || port > 65_535)
        throw wrongUsage('--port must be a whole number from 0 to 65535.', 'See npm start -- --help.');
      await upCommand(system, { port, sample: options.sample }, terminalOutput(false));
    });
}

function addDown(fleet: Command): void {
  fleet
    .command('down')
    .description('stops the running fleet in good order, from any terminal; the next start carries on')
    .addHelpText('after', '\nExample:\n  npm run fleet -- down')
    .action(() => downCommand(terminalOutput(false)));
}

function addReset(fleet: Command): void {
  fleet
    .command('reset')
    .description('removes all that fleets on this machine keep; asks first')
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExamples:\n  npm run fleet -- reset\n  npm run fleet -- reset --yes')
    .action(({ yes = false }: { yes?: boolean }) => resetCommand(yes, terminalOutput(false)));
}

function addDocuments(fleet: Command, system: DocumentsSystem): void {
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
      const summary = await documentsCommand(system, folder, options, output);
      if (options.json) output.json(summary);
    });
}

function addPermissions(fleet: Command): void {
  fleet
    .command('permissions')
    .description('what each function is granted, what the recorded runs used of it, and what none did')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExamples:\n  npm run fleet -- permissions\n  npm run fleet -- permissions --json')
    .action(({ json = false }: { json?: boolean }) => permissionsCommand(terminalOutput(json), json));
}
