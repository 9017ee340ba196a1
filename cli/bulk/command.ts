import type { Command } from 'commander';
import { apiContext, examples, withApi } from '../api/api-command.ts';
import { listActions, showAction, stopAction } from './show.ts';
import { bulkCommand } from './start.ts';
import { watchAction } from './follow.ts';

const WHAT = {
  cancel: 'cancels all tasks that match and have not ended',
  retry: 'starts all failed tasks that match again, as new tasks; each once',
  redrive: 'submits all dead letters that match again; each once',
} as const;

const EXAMPLES = {
  cancel: [
    'bulk cancel --agent assistant --dry-run',
    'bulk cancel --agent assistant --status parked --cause throttled --since 2h',
  ],
  retry: ['bulk retry --agent assistant --since 2h --dry-run', 'bulk retry --cause transient --since 1d --yes --json'],
  redrive: ['bulk redrive --agent assistant --since 1d'],
} as const;

/** Adds `fleet bulk`. */
export function addBulk(fleet: Command): void {
  const bulk = fleet
    .command('bulk')
    .description('cancels, retries or redrives many tasks at once, with an outcome for each');
  for (const action of ['cancel', 'retry', 'redrive'] as const) {
    withApi(bulk.command(action))
      .description(WHAT[action])
      .option('--agent <agent>')
      .option('--status <status>', 'queued, running or parked; failed or cancelled')
      .option('--run <id>', 'tasks of a run')
      .option('--cause <cause>', 'why they wait or failed, such as throttled or transient')
      .option('--since <time>', 'accepted at or after: 2h for two hours ago, or an ISO time')
      .option('--until <time>', 'accepted before')
      .option('--dry-run', 'only show how many tasks match and what they cost')
      .option('--yes', 'confirms more than 100 tasks, or more than $50 by their budgets')
      .addHelpText('after', examples(...EXAMPLES[action]))
      .action((options: object) => bulkCommand(apiContext(options), action, options));
  }
  withApi(bulk.command('list'))
    .description('lists bulk actions, newest first')
    .addHelpText('after', examples('bulk list'))
    .action((options: object) => listActions(apiContext(options)));
  withApi(bulk.command('show'))
    .argument('<id>')
    .description('shows a bulk action and the outcome of each task')
    .option('--outcome <outcome>', 'only tasks with this outcome: done, skipped or failed')
    .addHelpText('after', examples('bulk show bulk-0123456789abcdef --outcome failed'))
    .action((id: string, options: object) => showAction(apiContext(options), id, options));
  withApi(bulk.command('watch'))
    .argument('<id>')
    .description('follows a bulk action until it ends; Ctrl-C stops only the watching')
    .addHelpText('after', examples('bulk watch bulk-0123456789abcdef'))
    .action((id: string, options: object) => watchAction(apiContext(options), id));
  withApi(bulk.command('stop'))
    .argument('<id>')
    .description('stops a bulk action within seconds; what it has done stays done')
    .addHelpText('after', examples('bulk stop bulk-0123456789abcdef'))
    .action((id: string, options: object) => stopAction(apiContext(options), id));
}
