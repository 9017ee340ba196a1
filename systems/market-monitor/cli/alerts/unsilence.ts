import { count } from '#cli/terminal/format.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { wrongUsage } from '#cli/user-error.ts';
import { partsOf } from '../../alerts/alert.ts';
import { silenceView } from '../../alerts/api/silences.ts';
import { isInEffect, type Silence } from '../../alerts/silence.ts';
import { endSilence, type EndedSilence } from '../../alerts/silencing.ts';
import type { UnsilenceOptions } from './add-alerts.ts';
import { knownPortfolio, withAlerts, type Place } from './place.ts';

const SEE = 'See npm run fleet -- alerts silences.';

/** `fleet alerts unsilence`: by the id of a silence, or of an alert that was silenced by its own. */
export async function unsilenceCommand(id: string, options: UnsilenceOptions): Promise<void> {
  const output = terminalOutput(options.json ?? false);
  const by = options.by.trim();
  if (by === '') throw wrongUsage('--by is empty.', 'Give your name, so that others know who ended it.');
  const now = Date.now();
  const ended = await withAlerts(options, async (place) => {
    const ports = { alerts: place.alerts, clock: { now: () => now } };
    const done: EndedSilence[] = [];
    for (const { portfolio, id: silence } of await silencesNamed(place, id, now)) {
      const each = await endSilence(ports, { portfolio, id: silence, by });
      if (each !== null) done.push(each);
    }
    return done;
  });
  if (options.json === true) return output.json({ silences: ended.map(({ silence }) => silenceView(silence, now)) });
  const fresh = ended.filter(({ isNew }) => isNew).length;
  if (fresh === 0) return output.line(`It is over already${endOf(ended[0]?.silence)}.`);
  output.line(
    `Ended ${count(fresh, 'silence')}. What was held back is sent within a minute, unless something else holds it.`,
  );
}

const endOf = (silence: Silence | undefined): string =>
  silence?.ended === undefined ? '' : `: ended by ${silence.ended.by}`;

async function silencesNamed(place: Place, id: string, now: number): Promise<readonly Silence[]> {
  const alert = partsOf(id);
  const [portfolio = '', silence, ...more] = id.split('/');
  if (alert === null && (silence === undefined || more.length > 0))
    throw wrongUsage(`"${id}" is no id of a silence.`, `Its id is such as core/1f3a9b2c. ${SEE}`);
  const all = await place.alerts.silences((await knownPortfolio(place, portfolio)).id);
  const found =
    alert === null
      ? all.filter((each) => each.id === silence)
      : all.filter((each) => each.subject === alert.subject && each.cause === alert.cause && isInEffect(each, now));
  if (found.length > 0) return found;
  throw wrongUsage(
    alert === null ? `There is no silence ${id}.` : `No silence of its own is in effect for ${id}.`,
    SEE,
  );
}
