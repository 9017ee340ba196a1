import { age, count } from '#cli/terminal/format.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { table } from '#cli/terminal/table.ts';
import { statedUsd, type Alert } from '../../alerts/alert.ts';
import { alertView, byMoney } from '../../alerts/api/alerts.ts';
import { beyondWords, HELD, usd } from '../../alerts/formats/words.ts';
import type { ListOptions } from './add-alerts.ts';
import { namedPortfolios, withAlerts, type Place } from './place.ts';

/** `fleet alerts list`. */
export async function listCommand(options: ListOptions): Promise<void> {
  const output = terminalOutput(options.json ?? false);
  const found = await withAlerts(options, (place) => read(place, options));
  const alerts = found.toSorted(byMoney);
  if (options.json === true) return output.json({ alerts: alerts.map(alertView) });
  if (alerts.length === 0) return output.line(options.all === true ? 'No alerts.' : 'No alert is open.');
  output.line(table(COLUMNS, alerts.map(row), process.stdout.columns));
  const waiting = alerts.filter((each) => each.severity === 'urgent' && stateOf(each) === 'open').length;
  if (waiting > 0) {
    output.line(`${count(waiting, 'urgent alert')} without an answer. Take one: npm run fleet -- alerts ack ID`);
  }
}

async function read(place: Place, { portfolio, all = false }: ListOptions): Promise<Alert[]> {
  const alerts: Alert[] = [];
  for (const id of await namedPortfolios(place, portfolio)) {
    for await (const alert of place.alerts.ofPortfolio(id)) if (all || alert.state === 'open') alerts.push(alert);
  }
  return alerts;
}

const COLUMNS = [
  { name: 'id' },
  { name: 'ticker' },
  { name: 'severity' },
  { name: 'state' },
  { name: 'since' },
  { name: 'matches', align: 'right' },
  { name: 'at stake', align: 'right' },
  { name: 'what', flexible: true },
] as const;

const row = (alert: Alert): string[] => [
  alert.id,
  alert.ticker,
  alert.severity,
  stateOf(alert),
  age(alert.openedAt),
  String(alert.matches),
  usd(statedUsd(alert)),
  whatOf(alert),
];

/** Words and money are of one match. If another one had more at stake, that is said. */
function whatOf(alert: Alert): string {
  const beyond = beyondWords(statedUsd(alert), alert.atStakeUsd);
  return beyond === '' ? alert.title : `${alert.title} (${beyond})`;
}

function stateOf({ state, acknowledged, held }: Alert): string {
  if (state === 'resolved') return 'resolved';
  if (acknowledged !== undefined) return `acknowledged by ${acknowledged.by}`;
  return held === undefined ? 'open' : (HELD[held.why] ?? held.why);
}
