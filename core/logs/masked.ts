import { shorten } from '../text/text.ts';

/** Longest text of a line's field, in UTF-16 units. */
const MAX_TEXT = 500;
/** Most fields of an object, and most items of a list. */
const MAX_ENTRIES = 30;
const MAX_DEPTH = 4;
const MAX_FRAMES = 10;

/** A text that is short enough to show. */
export const bounded = (text: string): string => shorten(text, MAX_TEXT);

/**
 * What an error says, without what it quotes: `JSON.parse` and others quote the text that they reject, which can be a
 * document or a model's answer. Everything between the first and the last quotation mark of a kind is left out. A single
 * quotation mark within a word is an apostrophe.
 */
const withoutQuotes = (message: string): string =>
  message
    .replaceAll(/(["`])[\s\S]*\1/g, '$1…$1')
    // From the first mark on, so that a text without a closing one is read once, not once for each mark.
    .replace(/^([^“]*)“[\s\S]*”/, '$1“…”')
    .replace(/^([^‘]*)‘[\s\S]*’/, '$1‘…’')
    .replace(/^([^']*(?:(?<=[\p{L}\p{N}])'[^']*)*)(?<![\p{L}\p{N}])'[\s\S]*'(?![\p{L}\p{N}])/u, "$1'…'");

/** The frames of a stack, without its first lines, which repeat the message. */
const framesOf = (stack: string): string[] =>
  stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^at \S/.test(line))
    .slice(0, MAX_FRAMES)
    .map((line) => bounded(line));

/** A value with its texts and its size bounded. */
export function boundedValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return bounded(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((item) => boundedValue(item, depth + 1));
  const entries = Object.entries(value).slice(0, MAX_ENTRIES);
  return Object.fromEntries(entries.map(([key, entry]) => [bounded(key), boundedValue(entry, depth + 1)]));
}

/** An error as a line shows it. */
export interface LoggedError {
  readonly name: string;
  /** Without quoted text. */
  readonly message: string;
  /** Where it was thrown, innermost first. */
  readonly at: readonly string[];
}

/**
 * Reduces an error to its name, its message without quoted text, and its places in the code.
 * @param error as Powertools logs it (`name`, `message`, `stack`) or as Lambda does (`errorType`, `errorMessage`, `trace`)
 */
export function maskedError(error: Readonly<Record<string, unknown>>): LoggedError {
  const text = (...names: readonly string[]): string => {
    const found = names.map((name) => error[name]).find((value) => typeof value === 'string');
    return typeof found === 'string' ? found : '';
  };
  const stack = error['stack'] ?? error['trace'];
  const lines: unknown = Array.isArray(stack) ? stack.filter((line) => typeof line === 'string').join('\n') : stack;
  return {
    name: bounded(text('name', 'errorType')) || 'Error',
    message: bounded(withoutQuotes(text('message', 'errorMessage'))),
    at: typeof lines === 'string' ? framesOf(lines) : [],
  };
}
