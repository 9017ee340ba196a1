import { shorten } from '#core/text/text.ts';
import { oneLine, usd } from '../alerts/formats/words.ts';
import { eventRef } from '../events/event-ref.ts';
import type { Digest, DigestRow } from './digest.ts';
import { hourWords, periodWords, plural } from './headline.ts';

/** Words of models and others, in a message. */
const MAX_WORDS = 600;
export const quoted = (text: string): string => shorten(oneLine(text), MAX_WORDS);

export const titleOf = (digest: Pick<Digest, 'portfolio' | 'period' | 'revision'>): string =>
  oneLine(
    `${digest.portfolio.name}: ${periodWords(digest)}${digest.revision > 1 ? `, revision ${digest.revision}` : ''}`,
  );

export const isEmpty = ({ happened, late, done, open }: Digest): boolean =>
  happened.length === 0 && late.length === 0 && done.length === 0 && open.length === 0;

/** What a digest covers, as sentences. */
export function coverageOf({ covers }: Digest): string[] {
  const { events, rejected, outOfOrder, expired, leftOut, silentSources } = covers;
  return [
    events === null
      ? 'The events of this period were not counted.'
      : `${plural(events, 'event')} seen, ${rejected ?? 0} rejected, ${outOfOrder ?? 0} out of order.`,
    ...(expired > 0
      ? [`${plural(expired, 'analysis').replace('analysiss', 'analyses')} came too late and were dropped.`]
      : []),
    ...(silentSources.length > 0 ? [`Silent for five minutes or more: ${silentSources.join(', ')}.`] : []),
    ...(leftOut > 0 ? [`${plural(leftOut, 'further instrument')} are left out.`] : []),
  ];
}

/** The digest as plain text. */
export function digestText(digest: Digest): string {
  const lines = isEmpty(digest)
    ? [titleOf(digest), digest.headline, ...coverageOf(digest), digest.note]
    : [titleOf(digest), digest.headline, '', ...sections(digest), ...coverageOf(digest), '', digest.note];
  return `${lines.map(asLine).join('\n')}\n`;
}

/** A text of others cannot begin a line of its own. */
const asLine = (text: string): string => (/^ */.exec(text)?.[0] ?? '') + oneLine(text);

function sections(digest: Digest): string[] {
  const { happened, late, done, open, portfolio } = digest;
  return [
    ...section('What happened', happened.flatMap(rowLines)),
    ...section(
      'Late',
      late.map(
        (each) =>
          `- ${each.ticker}: ${oneLine(each.title)} (late, belongs to ${hourWords(each.belongsTo, portfolio.zone)}; event ${eventRef(each.event)})`,
      ),
    ),
    ...section(
      'What was done',
      done.map((each) => `- ${each.at.slice(11, 16)} UTC ${doneWords(each)}: ${each.ticker}, ${oneLine(each.title)}`),
    ),
    ...section(
      'What is open',
      open.map(
        (each) =>
          `- ${each.ticker} ${each.cause}, ${each.severity}, ${usd(each.atStakeUsd)} at stake: ${oneLine(each.title)} (${stateOf(each)}; ${each.alert})`,
      ),
    ),
  ];
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines, ''];

function rowLines({ ticker, atStakeUsd, matches, items, analyses }: DigestRow): string[] {
  const more = matches - items.length;
  return [
    `- ${ticker}, ${usd(atStakeUsd)} at stake`,
    ...items.map(
      (each) => `    ${each.severity}: ${oneLine(each.title)} (rule ${each.rule}, event ${eventRef(each.event)})`,
    ),
    ...(more > 0 ? [`    and ${more} more`] : []),
    ...analyses.map((each) => `    ${each.agent}: "${quoted(each.summary)}"`),
  ];
}

/** Who takes care of an open alert, or what holds it back. */
export function stateOf({ acknowledgedBy, heldBy }: Digest['open'][number]): string {
  if (acknowledgedBy !== null) return `acknowledged by ${oneLine(acknowledgedBy)}`;
  return heldBy === null ? 'not acknowledged' : `held back: ${heldBy}`;
}

const DONE: Readonly<Record<string, string>> = { first: 'people notified', analysis: 'analysis sent' };

/** What was done, in words. */
export const doneWords = ({ why }: Pick<Digest['done'][number], 'why'>): string => DONE[why] ?? why;
