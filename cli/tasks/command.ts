import { Option, type Command } from 'commander';
import { apiContext, examples, withApi } from '../api/api-command.ts';
import { withFleetToWait } from '../fleet/occasion.ts';
import type { CliSystem } from '../system.ts';
import { cancelCommand, type CancelOptions } from './cancel.ts';
import { listCommand } from './list.ts';
import { retryCommand } from './retry.ts';
import { showCommand } from './show.ts';
import { submitCommand } from './submit.ts';
import { treeCommand } from './tree.ts';
import { watchCommand } from './watch.ts';
import { whyCommand } from './why.ts';

/** Adds the commands for tasks. */
export function addTasks(fleet: Command, systems: readonly CliSystem[]): void {
  addSubmit(fleet, systems);
  addWatch(fleet);
  addList(fleet);
  addShow(fleet);
  addWhy(fleet);
  addRetry(fleet);
  addCancel(fleet);
}

function addSubmit(fleet: Command, systems: readonly CliSystem[]): void {
  withApi(fleet.command('submit'))
    .argument('<agent>', 'the agent: see npm run fleet -- agents')
    .argument('[instruction]', 'what to do')
    .description('submits a task')
    .option('--input <json>', 'typed input instead: JSON, a JSON file, or - for stdin')
    .option('--system <text>', 'replaces the agent’s system prompt')
    .option('--session <id>', 'tasks of a session run one after another and share a conversation')
    .option('--priority <priority>', 'high, default, or economy (within a day, at half the price)')
    .option('--budget-usd <usd>', 'maximum cost; at most the agent’s budget')
    .option('--budget-tokens <n>', 'maximum number of tokens')
    .option('--deadline <time>', 'the task fails if it has not ended by then: 30m, 2h, or an ISO time')
    .option('--durability <what>', 'in several regions: region (default), or global, which survives the loss of one')
    .option('--callback <url>', 'receives the result (docs/callbacks.md)')
    .option('--metadata <name=value...>', 'your own metadata')
    .option('--idempotency-key <key>', 'submitting again with the same key returns the same task')
    .option('--wait', 'wait until the task ends and print its output')
    .addHelpText(
      'after',
      examples(
        "submit assistant 'What is 6 times 7?' --wait",
        "submit assistant 'Hello, I am Ada.' --session ada --priority high",
        `submit assistant --input '{"instruction":"Say hello."}' --budget-usd 0.05 --deadline 30m --metadata order=7`,
      ),
    )
    .action((agent: string, instruction: string | undefined, options: { wait?: boolean; url?: string }) =>
      withFleetToWait(systems, { ...options, takesRegions: true }, () =>
        submitCommand(apiContext(options), { agent, instruction, options }),
      ),
    );
}

function addWatch(fleet: Command): void {
  withApi(fleet.command('watch'))
    .argument('<ids...>')
    .description('follows tasks until they end; Ctrl-C stops watching, not the tasks')
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
    .option('--from <time>', 'accepted at or after: 2h for two hours ago, or an ISO time')
    .option('--to <time>', 'accepted before')
    .option('--limit <n>', 'maximum number of tasks', '20')
    .addHelpText(
      'after',
      examples('tasks', 'tasks --agent assistant --status failed --from 2026-11-25', 'tasks --json'),
    )
    .action((options: object) => listCommand(apiContext(options), options));
}

function addShow(fleet: Command): void {
  withApi(fleet.command('task'))
    .argument('<id>')
    .description('shows a task: state, cost, input and output')
    .option('--steps', 'also show the finished model calls and tool calls')
    .option('--tree', 'show the task and those that it delegated instead: states, cost, time')
    .addHelpText('after', examples('task task-0123456789abcdef --steps', 'task task-0123456789abcdef --tree'))
    .action((id: string, options: { steps?: boolean; tree?: boolean }) =>
      options.tree === true
        ? treeCommand(apiContext(options), id)
        : showCommand(apiContext(options), id, options.steps ?? false),
    );
}

function addWhy(fleet: Command): void {
  withApi(fleet.command('why'))
    .argument('<id>')
    .description('explains why a task waits, until when, what frees it, and what to do next')
    .addHelpText('after', examples('why task-0123456789abcdef', 'why task-0123456789abcdef --json'))
    .action((id: string, options: object) => whyCommand(apiContext(options), id));
}

function addRetry(fleet: Command): void {
  withApi(fleet.command('retry'))
    .argument('[ids...]')
    .description('starts failed or cancelled tasks again, as new tasks within the same budgets')
    .option('--run <id>', 'retry the failed tasks of a run')
    .option('--agent <agent>', 'retry the failed tasks of an agent, with --from')
    .option('--from <time>', 'accepted at or after: 2h for two hours ago, or an ISO time')
    .addOption(new Option('--since <time>', 'the same as --from, as version 0.2 calls it').hideHelp())
    .option('--yes', 'confirms a retry of more than 100 tasks, or of more than $50 by their budgets')
    .addHelpText(
      'after',
      examples('retry task-0123456789abcdef', 'retry --run run-0123456789abcdef', 'retry --agent assistant --from 2h'),
    )
    .action((ids: string[], options: object) => retryCommand(apiContext(options), ids, options));
}

function addCancel(fleet: Command): void {
  withApi(fleet.command('cancel'))
    .argument('[ids...]')
    .description('cancels tasks; running tasks stop within seconds')
    .option('--run <id>', 'cancel all tasks of a run that have not ended')
    .option(
      '--agent <agent>',
      'cancel all tasks of an agent that have not ended, also of one that is no longer deployed',
    )
    .addHelpText(
      'after',
      examples('cancel task-0123456789abcdef', 'cancel --run run-0123456789abcdef', 'cancel --agent assistant'),
    )
    .action((ids: string[], options: CancelOptions) => cancelCommand(apiContext(options), ids, options));
}
