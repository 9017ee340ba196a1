import type { Command } from 'commander';
import { permissionsCommand } from './permissions.ts';
import { terminalOutput } from './terminal/output.ts';

/** Adds `fleet permissions`. */
export function addPermissions(fleet: Command): void {
  fleet
    .command('permissions')
    .description('shows what each function is allowed to do, and what the recorded runs used')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExamples:\n  npm run fleet -- permissions\n  npm run fleet -- permissions --json')
    .action(({ json = false }: { json?: boolean }) => permissionsCommand(terminalOutput(json), json));
}
