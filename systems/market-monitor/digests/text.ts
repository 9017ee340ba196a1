import { localTime } from '#core/parse/local-time.ts';
import { shorten } from '#core/text/text.ts';
import { beyondWords, HELD, oneLine, usd } from '../alerts/formats/words.ts';
import { loudness } from '../alerts/loudness.ts';
import { eventRef } from '../events/event-ref.ts';
import type { Severity } from '../events/match.ts';
import type { Digest, DigestRow } from './digest.ts';
import { hourWords, periodWords, plural } from './headline.ts';

/** Words of models and others, in a message. */
const MAX_WORDS = 600;
export const quoted = (text: string): string => shorten(oneLine(text), MAX_WORDS);

export const titleOf = (digest: Pick<Digest, 'portfolio' | 'period'>): string =>
  oneLine(`${digest.portfolio.name}: ${periodWords(digest)}`);

export const isEmpty = ({ happened, late, done, open, held }: Digest): boolean =>
  [happened, late, done, open, held].every(({ length }) => length === 0);

/** What a digest covers, as sentences. */
export function coverageOf({ covers, whole }: Digest): string[] {
  const { events, rejected, outOfOrder, expired, waiting, silentSources } = covers;
  return [
    events === null
      ? 'The events of this period were not counted.'
      : `${plural(events, 'event')} seen, ${rejected ?? 0} rejected, ${outOfOrder ?? 0} out of order.`,
    ...(expired > 0
      ? [`${plural(expired, 'analysis', 'analyses')} came too late and ${expired === 1 ? 'was' : 'were'} dropped.`]
      : []),
    ...(waiting > 0 ? [`${plural(waiting, 'analysis has', 'analyses have')} not come yet.`] : []),
    ...(silentSources.length > 0 ? [`Silent for too long: ${silentSources.join(', ')}.`] : []),
    ...leftOutOf(covers),
    ...(whole === null ? [] : [`All of it is ${whole} in the bucket of the market monitor.`]),
  ];
}

function leftOutOf(covers: Digest['covers']): string[] {
  const { leftOut, lateLeftOut, doneLeftOut, openLeftOut, heldLeftOut } = covers;
  const parts: [count: number, one: string, many?: string][] = [
    [leftOut, 'instrument'],
    [lateLeftOut, 'late event'],
    [doneLeftOut, 'notification'],
    [openLeftOut, 'open alert'],
    [heldLeftOut, 'alert that is held back', 'alerts that are held back'],
  ];
  const words = parts.flatMap(([count, ...names]) => (count > 0 ? [plural(count, ...names)] : []));
  return words.length === 0 ? [] : [`Left out, since they have the least at stake: ${words.join(', ')}.`];
}

export interface TextOptions {
  /** Entries of each section. The rest is counted. @default all */
  readonly entries?: number;
  /** Whether every match and analysis follows. */
  readonly details: boolean;
}

/** The digest as plain text: one line for each instrument first. */
export function digestText(digest: Digest, { entries = Infinity, details }: TextOptions): string {
  const lines = isEmpty(digest)
    ? [titleOf(digest), digest.headline, ...coverageOf(digest), digest.note]
    : [
        titleOf(digest),
        digest.headline,
        '',
        ...sections(digest, entries),
        ...(details ? section('Details', digest.happened.flatMap(detailLines)) : []),
        ...coverageOf(digest),
        '',
        digest.note,
      ];
  return `${lines.map(asLine).join('\n')}\n`;
}

/** A text of others cannot begin a line of its own. */
const asLine = (text: string): string => (/^ */.exec(text)?.[0] ?? '') + oneLine(text);

const sections = (digest: Digest, entries: number): string[] => [
  ...section('What happened', digest.happened.map(rowLine), entries),
  ...section(
    'Late',
    digest.late.map((each) => `- ${each.ticker}: ${oneLine(each.title)} (${lateWords(each, digest)})`),
    entries,
  ),
  ...section(
    'What is open',
    openByInstrument(digest).map(
      ({ each, more, beyond }) =>
        `- ${usd(openUsd(each))}: ${loud(each.severity)}${oneLine(each.title)}${moreWords(more, beyond)} (${stateOf(each)})`,
    ),
    entries,
  ),
  ...section(
    'Held back',
    heldByInstrument(digest).map(
      ({ each, more }) =>
        `- ${usd(each.atStakeUsd)}: ${loud(each.severity)}${oneLine(each.title)}${moreWords(more)} (${heldWords(each, digest)})`,
    ),
    entries,
  ),
  ...section('What was done', doneOf(digest)),
];

function section(title: string, lines: readonly string[], entries = Infinity): string[] {
  const more = lines.length - entries;
  return lines.length === 0
    ? []
    : [title, ...lines.slice(0, entries), ...(more > 0 ? [`  and ${more} more in the JSON of this digest`] : []), ''];
}

/** What stands for an instrument: its loudest match. */
export const loudestOf = ({ items, analyses, ticker }: DigestRow): string =>
  items[0] === undefined ? `${ticker}: ${plural(analyses.length, 'analysis', 'analyses')}` : oneLine(items[0].title);

const rowLine = (row: DigestRow): string =>
  `- ${usd(rowUsd(row))}: ${loud(row.severity)}${loudestOf(row)}${moreWords(row.matches - 1, beyondOf(row))}`;

/** Money at stake by the match that stands for an instrument, and how far another one goes beyond it. */
export const rowUsd = ({ items, atStakeUsd }: DigestRow): number => items[0]?.atStakeUsd ?? atStakeUsd;
export const beyondOf = (row: DigestRow): string => beyondWords(rowUsd(row), row.atStakeUsd);

/** How many more there are of an instrument, and what one of them has at stake beyond the first. */
export function moreWords(more: number, beyond = ''): string {
  const parts = [...(more > 0 ? [`+${more}`] : []), ...(beyond === '' ? [] : [beyond])];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

const loudestBy = <Each extends { readonly ticker: string; readonly severity: Severity }>(all: readonly Each[]) =>
  [...Map.groupBy(all, ({ ticker }) => ticker).values()].flatMap((own) => {
    const [each] = own.toSorted((one, other) => loudness(other) - loudness(one));
    return each === undefined ? [] : [{ each, own, more: own.length - 1 }];
  });

export const openUsd = ({ titleUsd, atStakeUsd }: Digest['open'][number]): number => titleUsd ?? atStakeUsd;

/** The loudest open alert of each instrument, and how many more it has. What is held back stands by itself. */
export const openByInstrument = ({ open }: Pick<Digest, 'open'>) =>
  loudestBy(open.filter(({ heldBy }) => heldBy === null)).map(({ each, more, own }) => ({
    each,
    more,
    beyond: beyondWords(openUsd(each), Math.max(...own.map(({ atStakeUsd }) => atStakeUsd))),
  }));

/** The same of what people were not notified of. */
export const heldByInstrument = ({ held }: Pick<Digest, 'held'>) => loudestBy(held);

/** Why people were not notified, and what became of it. */
export function heldWords({ why, endedAt }: Digest['held'][number], { portfolio }: Pick<Digest, 'portfolio'>): string {
  const reason = HELD[why] ?? why;
  return endedAt === null ? reason : `${reason}, over at ${localTime(Date.parse(endedAt), portfolio.zone).time}`;
}

const loud = (severity: string): string => (severity === 'urgent' ? 'URGENT ' : '');

/** An analysis of an instrument, once for all alerts that it follows. */
function detailLines({ ticker, matches, items, analyses }: DigestRow): string[] {
  const more = matches - items.length;
  return [
    `- ${ticker}`,
    ...items.map(
      (each) => `    ${each.severity}: ${oneLine(each.title)} (rule ${each.rule}, event ${eventRef(each.event)})`,
    ),
    ...(more > 0 ? [`    and ${more} more`] : []),
    ...analyses.map((each) => `    ${each.agent}: "${quoted(each.summary)}"`),
  ];
}

/** Where a late event belongs. */
export const lateWords = (
  { belongsTo, lateBySeconds, event }: Digest['late'][number],
  { portfolio }: Pick<Digest, 'portfolio'>,
): string =>
  `late by ${Math.ceil(lateBySeconds / 60)} min, belongs to ${hourWords(belongsTo, portfolio.zone)}; event ${eventRef(event)}`;

/** Who takes care of an open alert, or what holds it back. */
export function stateOf({ acknowledgedBy, heldBy }: Digest['open'][number]): string {
  if (acknowledgedBy !== null) return `acknowledged by ${oneLine(acknowledgedBy)}`;
  return heldBy === null ? 'not acknowledged' : (HELD[heldBy] ?? heldBy);
}

/** Since when an alert is open, by the time of its events, in the zone of the readers. The day of the digest is not repeated. */
export function sinceWords(
  { since }: Pick<Digest['open'][number], 'since'>,
  { portfolio, period }: Pick<Digest, 'portfolio' | 'period'>,
): string {
  const { date, time } = localTime(Date.parse(since), portfolio.zone);
  return date === localTime(Date.parse(period.from), portfolio.zone).date
    ? `since ${time}`
    : `since ${time} on ${date}`;
}

const DONE = [
  ['first', 'alert'],
  ['escalated', 'alert that became worse', 'alerts that became worse'],
  ['repeated', 'reminder'],
  ['analysis', 'analysis', 'analyses'],
  ['acknowledged', 'acknowledgement'],
  ['resolved', 'end of an alert', 'ends of alerts'],
] as const;

/** What was sent, counted by its kind: each stands in the JSON. */
export function doneOf({ done }: Digest): string[] {
  const parts = DONE.flatMap(([why, one, many]) => {
    const count = done.filter((each) => each.why === why).length;
    return count === 0 ? [] : [plural(count, one, many)];
  });
  return parts.length === 0 ? [] : [`People were sent ${parts.join(', ')}.`];
}
