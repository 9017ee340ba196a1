import { ownMatch, type Match } from '../events/match.ts';
import { LAST_YEAR, sessionAt } from './xnys.ts';

/** Half a year before the known holidays end, and once in each month after that. */
const FROM = Date.UTC(LAST_YEAR, 6);

export const CALENDAR_ENDS = 'calendar-ends';

/**
 * Warns each portfolio, monthly from half a year before, that the calendar of the exchange has no holidays any more: they
 * would count as sessions. It may be called every minute. It speaks within a session, so that quiet hours seldom hold it back.
 */
export async function watchCalendar(
  { raise }: { readonly raise: (matches: readonly Match[]) => Promise<unknown> },
  portfolios: readonly string[],
  now: number,
): Promise<void> {
  if (now < FROM || sessionAt(now) === null) return;
  await raise(portfolios.map((portfolio) => matchAbout(portfolio, now)));
}

function matchAbout(portfolio: string, now: number): Match {
  const time = new Date(now).toISOString();
  const id = `${CALENDAR_ENDS}/${time.slice(0, 7)}`;
  return ownMatch({
    id,
    portfolio,
    rule: CALENDAR_ENDS,
    severity: 'warning',
    subject: 'calendar:xnys',
    ticker: 'XNYS',
    cause: CALENDAR_ENDS,
    title: `The calendar of the New York Stock Exchange ends with ${LAST_YEAR}: holidays after it count as sessions, so the stream is told of as quiet on them. Update agent-fleet, or add the years to calendar/xnys.ts.`,
    event: { source: 'market-monitor/clock', id, type: 'market.calendar.v1', time },
    arrivedAt: now,
  });
}
