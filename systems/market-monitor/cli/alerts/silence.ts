import { parseDuration } from '#cli/duration.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import { MAX_WHY } from '../../alerts/api/messages.ts';
import { silenceView } from '../../alerts/api/silences.ts';
import type { Silence } from '../../alerts/silence.ts';
import { problemOfScope } from '../../alerts/silence-scope.ts';
import { makeSilence, MAX_SILENCES } from '../../alerts/silencing.ts';
import { subjectOf } from '../../portfolios/portfolio.ts';
import type { SilenceOptions } from './add-alerts.ts';
import { knownAlert, knownPortfolio, withAlerts, type Place } from './place.ts';

const MAX_MS = 30 * 86_400_000;
const HELP = 'See npm run fleet -- alerts silence --help.';

/** `fleet alerts silence`. */
export async function silenceCommand(id: string | undefined, options: SilenceOptions): Promise<void> {
  const output = terminalOutput(options.json ?? false);
  const ms = parseDuration(options.for);
  if (ms === null || ms <= 0 || ms > MAX_MS) {
    throw wrongUsage(`--for must be a duration up to 30d, but is "${options.for}".`, 'Write it as 30m, 2h or 1d.');
  }
  const why = options.why.trim();
  if (why === '' || why.length > MAX_WHY) throw wrongUsage('--why must have 1 to 500 characters.', HELP);
  const by = options.by.trim();
  if (by === '') throw wrongUsage('--by is empty.', 'Give your name, so that others know who silenced it.');
  const silence = await withAlerts(options, async (place) => {
    const ports = { alerts: place.alerts, clock: Date };
    return makeSilence(ports, { ...(await what(place, id, options)), ms, by, why });
  });
  if (silence === null) throw full();
  if (options.json === true) return output.json(silenceView(silence, Date.now()));
  const louder = silence.upTo === 'warning' ? ' If it becomes urgent, people hear of it.' : '';
  output.line(`Silenced until ${new Date(silence.until).toISOString()}: ${wordsOf(silence)}.${louder}`);
  output.line(`End it before: npm run fleet -- alerts unsilence ${silence.portfolio}/${silence.id}`);
}

const full = (): UserError =>
  new UserError(
    `The portfolio has ${MAX_SILENCES} silences already.`,
    'End one with npm run fleet -- alerts unsilence, or silence a cause of all its instruments with --cause.',
  );

type What = Pick<Silence, 'portfolio' | 'subject' | 'cause' | 'upTo'>;

async function what(place: Place, id: string | undefined, options: SilenceOptions): Promise<What> {
  const { portfolio, subject, cause } = options;
  if (id !== undefined) {
    if (portfolio !== undefined || subject !== undefined || cause !== undefined) {
      throw wrongUsage('An id cannot be combined with --portfolio, --subject or --cause.', HELP);
    }
    const alert = await knownAlert(place, id);
    const upTo = alert.severity === 'urgent' ? 'urgent' : 'warning';
    return { portfolio: alert.portfolio, subject: alert.subject, cause: alert.cause, upTo };
  }
  if (portfolio === undefined || (subject === undefined && cause === undefined)) {
    throw wrongUsage('Give the id of an alert, or --portfolio with --subject or --cause.', HELP);
  }
  const file = await knownPortfolio(place, portfolio);
  const scope = {
    ...(subject !== undefined && { subject: subjectNamed(file, subject) }),
    ...(cause !== undefined && { cause }),
  };
  const problem = problemOfScope(file, scope);
  if (problem !== null) throw wrongUsage(`--${problem.field}: ${problem.message}.`, problem.remedy);
  return { portfolio, ...scope, upTo: 'urgent' };
}

interface Instruments {
  readonly id: string;
  readonly holdings: readonly { readonly ticker: string; readonly cik: string }[];
  readonly watch: readonly { readonly ticker: string; readonly cik: string }[];
}

/** A ticker of the portfolio, or a subject as it is. */
function subjectNamed({ id, holdings, watch }: Instruments, typed: string): string {
  if (/^[a-z]+:\S+$/.test(typed)) return typed;
  const found = [...holdings, ...watch].find(({ ticker }) => ticker === typed.toUpperCase());
  if (found !== undefined) return subjectOf(found.cik);
  throw wrongUsage(
    `The portfolio ${id} neither holds nor watches ${typed}.`,
    'Give a ticker of the portfolio, or a subject such as cik:0000320193.',
  );
}

const wordsOf = ({ portfolio, subject = 'every instrument', cause = 'every cause' }: What): string =>
  `${portfolio}, ${subject}, ${cause}`;
