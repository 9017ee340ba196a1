import type { Command } from 'commander';
import type { CliSystem } from '../system.ts';
import { chooseSystems } from './choose-systems.ts';
import { terminalOutput } from '../terminal/output.ts';
import { wrongUsage } from '../user-error.ts';
import { downCommand } from './down.ts';
import { resetCommand } from './reset.ts';

/** Adds the commands that start, stop and reset a fleet on this machine. */
export function addLifecycle(fleet: Command, systems: readonly CliSystem[]): void {
  addUp(fleet, systems);
  addDown(fleet);
  addReset(fleet);
}

function parsePort(option: string, text: string): number {
  const port = Number(text);
  if (text.trim() !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw wrongUsage(`${option} must be a whole number from 0 to 65535.`, 'See npm start -- --help.');
}

function addUp(fleet: Command, systems: readonly CliSystem[]): void {
  fleet
    .command('up')
    .description('starts the fleet and keeps it running until Ctrl-C; the first start runs a sample')
    .option('--port <port>', 'port of the AWS endpoint; 0 picks a free one', '4566')
    .option('--api-port <port>', 'port of the task API; 0 picks a free one', '4400')
    .option('--systems <names>', 'only these systems, separated by commas (default: all)')
    .option('--no-sample', 'do not run the sample')
    .addHelpText(
      'after',
      '\nExamples:\n  npm start\n  npm start -- --port 0 --api-port 0 --no-sample\n  npm run fleet -- up --systems assistant',
    )
    .action(async (options: { port: string; apiPort: string; sample: boolean; systems?: string }) => {
      const port = parsePort('--port', options.port);
      const apiPort = parsePort('--api-port', options.apiPort);
      const output = terminalOutput(false);
      // Loaded only here: the local cloud takes a second to load, and several on a busy machine.
      output.line('Starting the fleet …');
      const { upCommand } = await import('../up.ts');
      const chosen = chooseSystems(systems, options.systems);
      await upCommand(chosen, { port, apiPort, sample: options.sample, all: chosen.length === systems.length }, output);
    });
}

function addDown(fleet: Command): void {
  fleet
    .command('down')
    .description('stops the running fleet gracefully, from any terminal; all data is kept')
    .addHelpText('after', '\nExample:\n  npm run fleet -- down')
    .action(() => downCommand(terminalOutput(false)));
}

function addReset(fleet: Command): void {
  fleet
    .command('reset')
    .description('deletes all data of fleets on this machine, after a confirmation')
    .option('--yes', 'do not ask for confirmation')
    .addHelpText('after', '\nExamples:\n  npm run fleet -- reset\n  npm run fleet -- reset --yes')
    .action(({ yes = false }: { yes?: boolean }) => resetCommand(yes, terminalOutput(false)));
}
