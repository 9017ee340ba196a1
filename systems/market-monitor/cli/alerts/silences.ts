import { duration } from '#cli/terminal/format.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { table } from '#cli/terminal/table.ts';
import { silenceView } from '../../alerts/api/silences.ts';
import { isInEffect, type Silence } from '../../alerts/silence.ts';
import { inOrder } from '../../alerts/silencing.ts';
import type { ListOptions } from './add-alerts.ts';
import { namedPortfolios, withAlerts } from './place.ts';

/** `fleet alerts silences`. */
export async function silencesCommand({ all = false, ...options }: ListOptions): Promise<void> {
  const output = terminalOutput(options.json ?? false);
  const now = Date.now();
  const found = await withAlerts(options, async (place) => {
    const ids = await namedPortfolios(place, options.portfolio);
    return (await Promise.all(ids.map((id) => place.alerts.silences(id)))).flat();
  });
  const silences = inOrder(found, now).filter((each) => all || isInEffect(each, now));
  if (options.json === true) return output.json({ silences: silences.map((each) => silenceView(each, now)) });
  if (silences.length === 0) return output.line(all ? 'No silences.' : 'No silence is in effect.');
  output.line(
    table(
      COLUMNS,
      silences.map((each) => row(each, now)),
      process.stdout.columns,
    ),
  );
  if (isInEffect(silences[0] as Silence, now)) output.line('End one: npm run fleet -- alerts unsilence ID');
}

const COLUMNS = [
  { name: 'id' },
  { name: 'subject' },
  { name: 'cause' },
  { name: 'up to' },
  { name: 'state' },
  { name: 'by' },
  { name: 'why', flexible: true },
] as const;

const row = (silence: Silence, now: number): string[] => {
  const { id, portfolio, subject = 'every', cause = 'every', upTo, by, why } = silence;
  return [`${portfolio}/${id}`, subject, cause, upTo, stateOf(silence, now), by, why];
};

function stateOf({ until, ended }: Silence, now: number): string {
  const time = `${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  if (ended !== undefined) return `ended by ${ended.by} at ${time}`;
  return until > now ? `${duration(until - now)} left` : `over since ${time}`;
}
