import type { Command } from 'commander';
import { examples } from '#cli/api/api-command.ts';
import type { CliSystem } from '#cli/system.ts';
import { parseDiffOptions, parseResearchOptions } from './options.ts';

/** Adds `fleet research`. */
export function addResearch(fleet: Command, systems: readonly CliSystem[]): void {
  const research = fleet
    .command('research')
    .description('researches companies and writes a brief of what changed: brief.html, brief.txt, brief.json')
    .option('--companies <file>', 'CSV file with a column name, ticker or website; sector and cik help')
    .option('--sample <n>', 'n companies of the simulated web, 1 to 500 (default: 50, without --companies)')
    .option('--nights <n>', 'nights of the simulated web, one after the other (default: 1)')
    .option('--seed <n>', 'another simulated web (default: 1)')
    .option('--by <time>', 'local time at which the brief must be there; UTC for the simulated web (default: 07:00)')
    .option(
      '--out <dir>',
      'folder with a folder for each night (default: reports/research, or reports/research/list-FILE for FILE.csv)',
    )
    .option(
      '--max-usd <n>',
      'maximum cost of all nights, shared out over the companies and enforced before each model call',
    )
    .option(
      '--news <urls...>',
      'news sites or feeds that are searched for each company, at most 5; {name} and {ticker} stand for its own (default: none)',
    )
    .option(
      '--search',
      'searches the web for companies of which their own sources tell nothing new, for a fee; invented companies are searched for in the simulated web',
    )
    .option('--json', 'one JSON object on stdout, progress on stderr')
    .addHelpText(
      'after',
      '\nIf no fleet is running, the command starts one and stops it at the end.' +
        ' A night is a run of the pipeline "research": Ctrl-C cancels it and keeps what has finished.' +
        ' Run the command again: it attaches to a run that is under way, or takes up what is missing.' +
        '\n\nExit codes: 0 every company is in the brief, also those that were not reached; 1 otherwise; 2 wrong usage.' +
        `\n${examples('research --sample 50', 'research --sample 50 --nights 3 --json', 'research --companies rivals.csv --by 07:00 --max-usd 2', 'research diff reports/research/2026-11-02 reports/research/2026-11-03')}`,
    )
    .action(async (raw: unknown) => {
      const options = parseResearchOptions(raw);
      const { researchCommand } = await import('./command.ts');
      await researchCommand(systems, options);
    });
  addDiff(research);
  addList(research);
}

/** Adds `fleet research diff`. */
function addDiff(research: Command): void {
  research
    .command('diff')
    .argument('[before]', 'folder or brief.json of a night')
    .argument('[after]', 'folder or brief.json of a later night')
    .option('--night <date>', 'compares this night with the one before it (default: the newest)')
    .option(
      '--out <dir>',
      'folder with a folder for each night (default: reports/research, for a list its reports/research/list-FILE)',
    )
    .option('--json', 'one JSON object on stdout')
    .description('compares two briefs: scores, new claims, companies that were reached or lost, added or removed')
    .addHelpText(
      'after',
      examples(
        'research diff',
        'research diff --night 2026-11-03',
        'research diff reports/research/2026-11-02 reports/research/2026-11-04',
      ),
    )
    .action(async (before: string | undefined, after: string | undefined, _: unknown, command: Command) => {
      const options = parseDiffOptions(command.optsWithGlobals());
      const { diffCommand } = await import('./diff.ts');
      await diffCommand({ before, after, ...options });
    });
}

function addList(research: Command): void {
  research
    .command('list')
    .argument('<file>', 'CSV file, as for --companies')
    .option('--out <file>', 'the list, as JSON lines (default: companies.jsonl)')
    .option('--json', 'one JSON object on stdout')
    .description('writes the list of companies that systems.research.schedule reads every night, from a CSV file')
    .addHelpText('after', examples('research list FILE.csv', 'research list FILE.csv --out companies.jsonl --json'))
    .action(async (file: string, _: unknown, command: Command) => {
      const { listCommand } = await import('./list.ts');
      const { out, json = false } = command.optsWithGlobals<{ out?: string; json?: boolean }>();
      await listCommand({ file, out, json });
    });
}
