import type { ReadEvent } from './read-signals.ts';

/** Below the 200 that a reason may have. */
const MAX_QUOTE = 150;

/** Orders to a reader: such a text is suspicious, and no reason. */
const ORDERS =
  /\b(?:ignore|disregard|forget)\b[^.]{0,40}\b(?:rules?|instructions?|prompt)\b|\b(?:mark|classify|rate|answer) (?:this|it)\b|\bsystem:/i;

export const givesOrders = ({ text }: Pick<ReadEvent, 'text'>): boolean => ORDERS.test(text);

/** A headline comes first. Other texts follow names of forms, items and firms, which say nothing by themselves. */
function lineOf({ type, text }: Pick<ReadEvent, 'type' | 'text'>): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (type === 'market.news.v1') return lines[0] ?? '';
  return lines.find((line) => /\S+(?:\s\S+){3,}.*[.!?]$/.test(line)) ?? lines.at(-1) ?? '';
}

/** The first sentence that an event says, as far as it fits, in whole words: half a figure would be one that no signal has. */
export function quoteOf(event: Pick<ReadEvent, 'type' | 'text'>): string {
  const line = lineOf(event);
  const sentence = /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line;
  if (sentence.length <= MAX_QUOTE) return sentence;
  let start = '';
  for (const word of sentence.split(' ')) {
    if (start.length + word.length + 1 > MAX_QUOTE) break;
    start += `${word} `;
  }
  return `${start.trim()} …`;
}

const SOURCES: Readonly<Record<string, string>> = {
  'market.news.v1': 'A headline reads',
  'market.filing.v1': 'The filing states',
  'market.rating.v1': 'The broker writes',
  'market.earnings.v1': 'The report says',
  'market.macro.v1': 'The release says',
};

/** Why an event is a reason: what it says, in its own words. */
export const reasonIn = (event: ReadEvent): string =>
  givesOrders(event)
    ? 'Its text gives orders to its reader, so it counts for little.'
    : `${SOURCES[event.type] ?? 'It says'}: “${quoteOf(event)}”`;
