import type { Command } from 'commander';
import { examples } from '#cli/api/api-command.ts';
import type { CliSystem } from '#cli/system.ts';
import { parseDemoOptions, parseReplayOptions } from './options.ts';

/** Adds `fleet market`. */
export function addMarket(fleet: Command, systems: readonly CliSystem[]): void {
  const market = fleet
    .command('market')
    .description('plays market events to the market monitor: a simulated day, or a file')
    .addHelpText('after', examples('market demo', 'market demo --seed 7 --json', 'market replay day.jsonl'));
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
        '\n\nExit codes: 0 nothing was lost, doubled, missed or late; 1 otherwise; 2 wrong usage.' +
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
    .description('sends the events of a file to the fleet that runs on this machine')
    .option('--minutes <n>', 'minutes that it takes (default: 3)')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', examples('market replay day.jsonl', 'market replay day.jsonl --minutes 1 --json'))
    .action(async (file: string, raw: unknown) => {
      const options = parseReplayOptions(raw);
      const { replayCommand } = await import('./replay.ts');
      await replayCommand(file, options);
    });
}
