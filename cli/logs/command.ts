import type { Command } from 'commander';
import { apiContext, examples, withApi } from '../api/api-command.ts';
import { logsCommand } from './logs.ts';

/** Adds `fleet logs`. */
export function addLogs(fleet: Command): void {
  withApi(fleet.command('logs'))
    .argument('[task]', 'only lines about this task')
    .description('shows what the fleet’s functions logged, oldest first; errors are grouped by their cause')
    .option('--agent <agent>', 'only lines about an agent’s tasks and of its functions')
    .option('--errors', 'only warnings, errors and crashes')
    .option('--since <time>', '2h for two hours ago, or an ISO time (default: 1h, or the whole task)')
    .option('--follow', 'also show new lines, until Ctrl-C or the end of the task')
    .option('--limit <n>', 'maximum number of lines: the newest ones', '200')
    .addHelpText(
      'after',
      examples(
        'logs task-0123456789abcdef',
        'logs --errors --since 2h',
        'logs --agent assistant --follow',
        'logs task-0123456789abcdef --json',
      ),
    )
    .action((task: string | undefined, options: object) => logsCommand(apiContext(options), task, options));
}
