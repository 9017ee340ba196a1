import { terminalOutput } from '#cli/terminal/output.ts';
import { wrongUsage } from '#cli/user-error.ts';
import type { DigestRecord } from '../../digests/store.ts';
import { digestText } from '../../digests/text.ts';
import type { DigestOptions } from './add-alerts.ts';
import { knownPortfolio, withAlerts, type Place } from './place.ts';

const PERIOD = /^\d{4}-\d\d-\d\d(T\d\d|-close)$/;

/** `fleet alerts digest`. */
export async function digestCommand(options: DigestOptions): Promise<void> {
  const output = terminalOutput(options.json ?? false);
  const { portfolio, period } = options;
  if (period !== undefined && !PERIOD.test(period)) {
    throw wrongUsage(
      `--period is no hour or session: "${period}".`,
      'Write an hour in UTC as 2026-11-27T14, or a session as 2026-11-27-close.',
    );
  }
  const { digest } = await withAlerts(options, async (place) => {
    const { id } = await knownPortfolio(place, portfolio);
    return digestOf(place, id, period ?? (await lastPeriod(place, id)));
  });
  if (options.json === true) return output.json(digest);
  output.line(digestText(digest, { details: true }).trimEnd());
}

async function lastPeriod({ digests }: Place, portfolio: string): Promise<string> {
  const closed = await digests.closed(portfolio);
  const last = closed?.played?.hour ?? closed?.live?.hour;
  if (last !== undefined) return last;
  throw wrongUsage(`No digest of ${portfolio} was made yet.`, 'One is made ten minutes after each hour.');
}

async function digestOf({ digests }: Place, portfolio: string, period: string): Promise<DigestRecord> {
  const found = await digests.get(portfolio, period);
  if (found !== null) return found;
  throw wrongUsage(
    `There is no digest of ${portfolio} for ${period}.`,
    'One is made ten minutes after each hour, and kept for 400 days.',
  );
}
