import type { Command } from 'commander';
import { apiContext, examples, withApi } from '../api/api-command.ts';
import { withFleetToWait } from '../fleet/occasion.ts';
import type { CliSystem } from '../system.ts';
import { cancelCommand } from './cancel.ts';
import { listCommand } from './list.ts';
import { showCommand } from './show.ts';
import { submitCommand } from './submit.ts';
import { watchCommand } from './watch.ts';

/** Adds the commands for tasks. */
export function addTasks(fleet: Command, systems: readonly CliSystem[]): void {
  addSubmit(fleet, systems);
  addWatch(fleet);
  addList(fleet);
  addShow(fleet);
  addCancel(fleet);
}

function addSubmit(fleet: Command, systems: readonly CliSystem[]): void {
  withApi(fleet.command('submit'))
    .argument('<agent>', 'who does it: see npm run fleet -- agents')
    .argument('[instruction]', 'what to do, in words')
    .description('has a task done')
    .option('--input <json>', 'typed input instead: JSON, a file of it, or - for stdin')
    .option('--system <text>', 'stands in for the agent’s system prompt')
    .option('--session <id>', 'tasks of a session run one after the other and share its conversation')
    .option('--priority <priority>', 'high, default, or economy: within a day at half the price')
    .option('--budget-usd <usd>', 'most it may cost; no more than the agent’s own')
    .option('--budget-tokens <n>', 'most tokens it may use')
    .option('--deadline <time>', 'fails unless it has ended by then: 30m, 2h, or an ISO time')
    .option('--callback <url>', 'is told of the end (docs/callbacks.md)')
    .option('--metadata <name=value...>', 'your own words about it')
    .option('--idempotency-key <key>', 'the same key is the same task')
    .option('--wait', 'waits for the end and prints the output')
    .addHelpText(
      'after',
      examples(
        "submit assistant 'What is 6 times 7?' --wait",
        "submit assistant 'Hello, I am Ada.' --session ada --priority high",
        `submit assistant --input '{"instruction":"Say hello."}' --budget-usd 0.05 --deadline 30m --metadata order=7`,
      ),
    )
    .action((agent: string, instruction: string | undefined, options: { wait?: boolean; url?: string }) =>
      withFleetToWait(systems, options, () => submitCommand(apiContext(options), { agent, instruction, options })),
    );
}

function addWatch(fleet: Command): void {
  withApi(fleet.command('watch'))
    .argument('<ids...>')
    .description('follows tasks until they have ended, with why they wait; Ctrl-C ends the watching alone')
    .addHelpText('after', examples('watch task-0123456789abcdef', 'watch task-0123456789abcdef --json'))
    .action((ids: string[], options: object) => watchCommand(apiContext(options), ids));
}

function addList(fleet: Command): void {
  withApi(fleet.command('tasks'))
    .description('lists tasks, newest first')
    .option('--agent <agent>')
    .option('--status <status>', 'queued, running, parked, succeeded, failed, cancelled or escalated')
    .option('--session <id>')
    .option('--run <id>')
    .option('--from <time>', 'accepted at or after')
    .option('--to <time>', 'accepted before')
    .option('--limit <n>', 'how many at most', '20')
    .addHelpText(
      'after',
      examples('tasks', 'tasks --agent assistant --status failed --from 2026-11-25', 'tasks --json'),
    )
    .action((options: object) => listCommand(apiContext(options), options));
}

function addShow(fleet: Command): void {
  withApi(fleet.command('task'))
    .argument('<id>')
    .description('shows a task: its state, what it cost, its output')
    .option('--steps', 'and the model calls and tool calls that finished')
    .addHelpText('after', examples('task task-0123456789abcdef --steps'))
    .action((id: string, options: { steps?: boolean }) => showCommand(apiContext(options), id, options.steps ?? false));
}

function addCancel(fleet: Command): void {
  withApi(fleet.command('cancel'))
    .argument('[ids...]')
    .description('cancels tasks, within seconds where they are being worked on')
    .option('--run <id>', 'all tasks of a run that have not ended')
    .addHelpText('after', examples('cancel task-0123456789abcdef', 'cancel --run run-0123456789abcdef'))
    .action((ids: string[], options: { run?: string }) => cancelCommand(apiContext(options), ids, options.run));
}
