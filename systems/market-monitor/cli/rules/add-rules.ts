import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { examples } from '#cli/api/api-command.ts';
import type { PastEventsOptions } from './past-events.ts';

/** Adds `fleet rules list|set|test`. */
export function addRules(fleet: Command): void {
  const rules = fleet
    .command('rules')
    .description('lists, changes and tries the rules of portfolios of the market monitor')
    .addHelpText('after', examples('rules list', 'rules test core.json --events day.jsonl', 'rules set core.json'));
  withPlace(rules.command('list'))
    .description('lists portfolios, or the rules and versions of one')
    .option('--portfolio <id>', 'the rules of this portfolio, and who changed it when')
    .option('--defaults', 'the rules that every portfolio begins with')
    .addHelpText('after', examples('rules list', 'rules list --portfolio core', 'rules list --defaults --json'))
    .action(async (options: ListOptions) => (await import('./list.ts')).listCommand(options));
  withPlace(rules.command('set').argument('<file>', 'portfolio file, JSON'))
    .description('saves a portfolio with its rules as the next version, in effect within five seconds')
    .option('--dry-run', 'checks the file and shows what would change')
    .option('--by <person>', 'your name', userInfo().username)
    .addHelpText('after', examples('rules set core.json --dry-run', "rules set core.json --by 'Ada'"))
    .action(async (file: string, options: SetOptions) => (await import('./set.ts')).setCommand(file, options));
  withPlace(rules.command('test').argument('<file>', 'portfolio file, JSON'))
    .description('runs past events through the rules of a file and those of today, and shows which alerts differ')
    .option('--events <file>', 'events as JSON lines, one CloudEvent each')
    .option('--since <time>', 'instead of a file: what the stream has kept since then, such as 24h')
    .option('--stream <name>', 'with --table and --since: the stream (output Stream of its stack)')
    .option('--against <file>', 'another portfolio file instead of the saved portfolio; then no fleet is needed')
    .addHelpText(
      'after',
      `\nNothing is saved and nobody is alerted.\n${examples('rules test core.json --since 24h', 'rules test core.json --events day.jsonl', 'rules test new.json --against old.json --events day.jsonl --json')}`,
    )
    .action(async (file: string, options: TestOptions) => (await import('./try.ts')).tryCommand(file, options));
}

interface Options {
  readonly table?: string;
  readonly json?: boolean;
}
export type ListOptions = Options & { readonly portfolio?: string; readonly defaults?: boolean };
export type SetOptions = Options & { readonly dryRun?: boolean; readonly by: string };
export type TestOptions = Options & PastEventsOptions & { readonly against?: string };

const withPlace = (command: Command): Command =>
  command
    .option('--table <name>', 'the table of a deployed market monitor (output MarketTable of its stack)')
    .option('--json', 'one JSON object on stdout');
