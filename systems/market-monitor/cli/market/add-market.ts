import type { Command } from 'commander';
import { examples } from '#cli/api/api-command.ts';
import type { CliSystem } from '#cli/system.ts';
import { parseFeedOptions } from './feed/options.ts';
import { parseDemoOptions, parseRejectedOptions, parseReplayOptions } from './options.ts';

/** Adds `fleet market`. */
export function addMarket(fleet: Command, systems: readonly CliSystem[]): void {
  const market = fleet
    .command('market')
    .description(
      'sends market events to the market monitor, a simulated day, a file or the filings of today, and shows what it rejected',
    )
    .addHelpText(
      'after',
      examples('market demo', 'market demo --seed 7 --json', 'market replay day.jsonl', 'market rejected'),
    );
  addFeed(market);
  market
    .command('demo')
    .description('plays a simulated day of trading: alerts as they come, and the digest at the end')
    .option('--seed <n>', 'another day (default: 1)')
    .option('--events <n>', 'events of the day at least, 1,000 to 200,000 (default: 20,000)')
    .option('--minutes <n>', 'minutes that the day takes (default: 3)')
    .option('--day <date>', 'a day on which the New York Stock Exchange trades, 2025 to 2027 (default: 2026-11-17)')
    .option('--out <dir>', 'folder for the digest (default: reports/market-<day>-<seed>)')
    .option('--json', 'one JSON object on stdout, progress on stderr')
    .addHelpText(
      'after',
      '\nIt starts a fleet of its own, with a simulated model and an empty memory, and stops it at the end.' +
        ' What it shows is measured: lost events and their order by what the router remembers of each, doubled ones by' +
        ' the counts in its log, model calls by the model, latencies from the sending of an event to the receipt of its' +
        ' alert, and alerts against what the simulated market knows to be urgent. Not investment advice.' +
        '\n\nA day has at least 7,000 events, of which most are bars of the instruments that the portfolios hold. Each wait' +
        ' after the day is limited: what did not come in time is said, and events that were not read count as lost.' +
        '\n\nExit codes: 0 nothing was lost, doubled or out of order, no urgent alert was missed, sent twice or false, and all that was waited for came; 1 otherwise; 2 wrong usage.' +
        `\n${examples('market demo', 'market demo --seed 7 --json', 'market demo --events 50000 --minutes 10')}`,
    )
    .action(async (raw: unknown) => {
      const options = parseDemoOptions(raw);
      const { demoCommand } = await import('./demo.ts');
      await demoCommand(systems, options);
    });
  market
    .command('replay')
    .argument('<file>', 'events as JSON lines, one CloudEvent each')
    .description('sends the events of a file to the fleet that runs on this machine, and says which were set aside')
    .option('--minutes <n>', 'minutes that it takes (default: 3, or a second for each 50 lines of a short file)')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', examples('market replay day.jsonl', 'market replay day.jsonl --minutes 1 --json'))
    .action(async (file: string, raw: unknown) => {
      const options = parseReplayOptions(raw);
      const { replayCommand } = await import('./replay.ts');
      await replayCommand(file, options);
    });
  addRejected(market);
}

function addRejected(market: Command): void {
  market
    .command('rejected')
    .description('lists the records that the router set aside, with reason, time and position')
    .option('--since <time>', 'records that arrived since then, at most 30d ago (default: 24h)')
    .option('--limit <n>', 'records that are shown, the newest first (default: 20)')
    .option('--details', 'says what is wrong with each, which may quote the record: words of whoever sent it')
    .option('--bucket <name>', 'the bucket of a deployed market monitor (output RejectedBucket of its stack)')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nNever the text of a record: the bucket keeps it. A record that was rejected for a cause that is corrected is routed again' +
        ` by fleet streams redrive.\n${examples('market rejected', 'market rejected --since 1h --details', 'market rejected --json')}`,
    )
    .action(async (raw: unknown) => {
      const options = parseRejectedOptions(raw);
      const { rejectedCommand } = await import('./rejected.ts');
      await rejectedCommand(options);
    });
}

function addFeed(market: Command): void {
  market
    .command('feed')
    .description('sends a real feed to the stream of the market monitor')
    .command('edgar')
    .description('sends the current filings of the SEC (EDGAR) to the stream, until Ctrl-C')
    .option('--contact <text>', 'your name and e-mail address, which the SEC requires')
    .option('--once', 'reads once and ends')
    .option('--every <duration>', 'time between two polls (default: 15s)')
    .option('--back <duration>', 'reads filings of this long ago at the start (default: 1h)')
    .option('--stream <name>', 'the stream of a deployed market monitor (output Stream of its stack)')
    .option('--url <url>', 'another server with the same feed, such as a cache')
    .option('--json', 'one JSON object on stdout at the end, progress on stderr')
    .addHelpText(
      'after',
      '\nIt asks at most five times a second, half of what the SEC allows, and waits when it is told to. What it has sent before' +
        ' the router drops, so it may be started again at any time.' +
        `\n${examples("market feed edgar --contact 'Ada ada@example.com'", "market feed edgar --contact 'Ada ada@example.com' --once --json")}`,
    )
    .action(async (raw: unknown) => {
      const options = parseFeedOptions(raw);
      const { edgarCommand } = await import('./feed/edgar.ts');
      await edgarCommand(options);
    });
}
