import { shorten } from '../text/text.ts';

const MAX_LENGTH = 200;

/** The start of a receiver's answer as one log line: short and without control characters. */
export function excerptOf(text: string): string {
  const line = text.replaceAll(/[\p{C}\s]+/gu, ' ').trim();
  return shorten(line.toWellFormed(), MAX_LENGTH + 1);
}
