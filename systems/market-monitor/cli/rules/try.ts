import { count } from '#cli/terminal/format.ts';
import { terminalOutput, type Output } from '#cli/terminal/output.ts';
import { table } from '#cli/terminal/table.ts';
import { compare, type Comparison, type PastAlert } from '../../backtest/backtest.ts';
import { readDay, type Day } from '../../backtest/read-day.ts';
import { portfolioFileSchema, type PortfolioFile } from '../../portfolios/portfolio.ts';
import { prepared } from '../../portfolios/watched.ts';
import type { TestOptions } from './add-rules.ts';
import { withPortfolios } from './place.ts';
import { pastEvents } from './past-events.ts';
import { readPortfolioFile } from './read-file.ts';

/** `fleet rules test`: which alerts a changed portfolio would have added and removed over past events. */
export async function tryCommand(file: string, options: TestOptions): Promise<void> {
  const { json = false } = options;
  const output = terminalOutput(json);
  const changed = readPortfolioFile(file, { privateAddresses: true });
  const today = await todayOf(changed, options);
  const day = readDay(await pastEvents(options));
  const comparison = compare(day.events, ready(today), ready(changed));
  if (json) return output.json({ ...comparison, rejected: day.rejected, duplicates: day.duplicates });
  print(output, comparison, day);
}

/** The portfolio that is in effect. One that was never saved has the default rules alone. */
async function todayOf(changed: PortfolioFile, options: TestOptions): Promise<PortfolioFile> {
  if (options.against !== undefined) return readPortfolioFile(options.against, { privateAddresses: true });
  const record = await withPortfolios(options, async ({ store }) => store.read(changed.id));
  if (record !== null) return record.portfolio;
  return portfolioFileSchema({ privateAddresses: true }).parse({ ...changed, rules: [], disabledRules: [] });
}

/** Holdings are those of the day of the file, or of before all splits in the events. */
const ready = (file: PortfolioFile) => prepared(file, { version: 0, asOf: '1970-01-01' }).portfolio;

function print(
  output: Output,
  { before, after, added, removed, changed }: Comparison,
  { events, rejected, duplicates }: Day,
): void {
  section(output, 'Added', added);
  section(output, 'Removed', removed);
  section(
    output,
    'Changed',
    changed.map((each) => each.after),
  );
  const notes = [
    ...(duplicates > 0 ? [`${count(duplicates, 'duplicate')} ignored`] : []),
    ...(rejected.length > 0
      ? [`${count(rejected.length, 'line')} rejected, first line ${rejected[0]?.line}: ${rejected[0]?.why}`]
      : []),
  ];
  output.line(`${count(events.length, 'event')}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}.`);
  output.line(
    `Alerts: ${before.alerts.length} → ${after.alerts.length}, urgent: ${urgent(before.alerts)} → ${urgent(after.alerts)}.`,
  );
  output.line(`Events that ask an agent: ${share(before)} → ${share(after)}.`);
}

const urgent = (alerts: readonly PastAlert[]): number => alerts.filter(({ severity }) => severity === 'urgent').length;
const share = ({ asked, events }: { asked: number; events: number }): string =>
  `${asked} (${events === 0 ? '0' : ((asked / events) * 100).toFixed(1)} %)`;

function section(output: Output, name: string, alerts: readonly PastAlert[]): void {
  if (alerts.length === 0) return;
  output.line(`${name}:`);
  const rows = alerts.map(({ at, severity, cause, title, rules }) => [
    at.slice(0, 19).replace('T', ' '),
    severity,
    cause,
    rules.join(', '),
    title,
  ]);
  output.line(table(ALERTS, rows, process.stdout.columns));
  output.line();
}

const ALERTS = [
  { name: 'time (UTC)' },
  { name: 'severity' },
  { name: 'cause' },
  { name: 'rules' },
  { name: 'what happened', flexible: true },
] as const;
