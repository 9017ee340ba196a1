import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { examples } from '#cli/api/api-command.ts';

interface Options {
  readonly table?: string;
  readonly json?: boolean;
}
export type ListOptions = Options & { readonly portfolio?: string; readonly all?: boolean };
export type AckOptions = Options & { readonly by: string };
export type SilenceOptions = Options & {
  readonly portfolio?: string;
  readonly subject?: string;
  readonly cause?: string;
  readonly for: string;
  readonly why: string;
  readonly by: string;
};
export type UnsilenceOptions = Options & { readonly by: string };
export type DigestOptions = Options & { readonly portfolio: string; readonly period?: string };

/** Adds `fleet alerts list|ack|silence|silences|unsilence|digest`. */
export function addAlerts(fleet: Command): void {
  const alerts = fleet
    .command('alerts')
    .description('lists, acknowledges and silences alerts of the market monitor, and shows its digests')
    .addHelpText(
      'after',
      examples(
        'alerts list',
        'alerts ack core/cik:0000320193/price-move',
        "alerts silence core/cik:0000320193/price-move --for 2h --why 'known'",
        'alerts silences',
        'alerts unsilence core/1f3a9b2c',
      ),
    );
  withPlace(alerts.command('list'))
    .description('lists open alerts, those with the most money at stake first')
    .option('--portfolio <id>', 'only of this portfolio')
    .option('--all', 'also those that were resolved in the last 60 days')
    .addHelpText('after', examples('alerts list', 'alerts list --portfolio core --all', 'alerts list --json'))
    .action(async (options: ListOptions) => (await import('./list.ts')).listCommand(options));
  withPlace(alerts.command('ack').argument('<id>', 'the alert, as in alerts list'))
    .description('acknowledges an alert: you take care of it, so it is not repeated')
    .option('--by <person>', 'your name', userInfo().username)
    .addHelpText('after', examples("alerts ack core/cik:0000320193/price-move --by 'Ada'"))
    .action(async (id: string, options: AckOptions) => (await import('./ack.ts')).ackCommand(id, options));
  addSilences(alerts);
  withPlace(alerts.command('digest'))
    .description('shows a digest of a portfolio: the newest, or that of an hour or session')
    .requiredOption('--portfolio <id>', 'the portfolio')
    .option('--period <period>', 'an hour in UTC such as 2026-11-27T14, or a session such as 2026-11-27-close')
    .addHelpText(
      'after',
      examples('alerts digest --portfolio core', 'alerts digest --portfolio core --period 2026-11-27T14 --json'),
    )
    .action(async (options: DigestOptions) => (await import('./digest.ts')).digestCommand(options));
}

/** What people silence, see and end. */
function addSilences(alerts: Command): void {
  withPlace(alerts.command('silence').argument('[id]', 'the alert, as in alerts list'))
    .description('holds back what an alert, an instrument or a cause would say, for a while')
    .option('--portfolio <id>', 'instead of an id: alerts of this portfolio')
    .option('--subject <ticker>', 'of this instrument, by its ticker or as cik:0000320193')
    .option('--cause <cause>', 'of this cause, such as price-move')
    .requiredOption('--for <duration>', 'how long, such as 30m or 2h')
    .requiredOption('--why <text>', 'why, for others')
    .option('--by <person>', 'your name', userInfo().username)
    .addHelpText(
      'after',
      `\nBy its id, an alert is silenced up to the severity that it has: if it becomes worse, people hear of it.\n${examples(
        "alerts silence core/cik:0000320193/price-move --for 2h --why 'results tonight'",
        "alerts silence --portfolio core --subject AAPL --for 1d --why 'sold'",
      )}`,
    )
    .action(async (id: string | undefined, options: SilenceOptions) =>
      (await import('./silence.ts')).silenceCommand(id, options),
    );
  withPlace(alerts.command('silences'))
    .description('lists what is silenced, by whom, why and until when')
    .option('--portfolio <id>', 'only of this portfolio')
    .option('--all', 'also those that were over in the last 60 days, with who ended them')
    .addHelpText(
      'after',
      examples('alerts silences', 'alerts silences --portfolio core --all', 'alerts silences --json'),
    )
    .action(async (options: ListOptions) => (await import('./silences.ts')).silencesCommand(options));
  withPlace(alerts.command('unsilence').argument('<id>', 'the silence, as in alerts silences, or a silenced alert'))
    .description('ends a silence before its time: what it held back is sent within a minute')
    .option('--by <person>', 'your name', userInfo().username)
    .addHelpText(
      'after',
      examples('alerts unsilence core/1f3a9b2c', "alerts unsilence core/1f3a9b2c --by 'Ada' --json"),
    )
    .action(async (id: string, options: UnsilenceOptions) =>
      (await import('./unsilence.ts')).unsilenceCommand(id, options),
    );
}

const withPlace = (command: Command): Command =>
  command
    .option('--table <name>', 'the table of a deployed market monitor (output MarketTable of its stack)')
    .option('--json', 'one JSON object on stdout');
