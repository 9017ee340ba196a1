/** Letters a quote must have at least. Fewer would stand in any text by chance. */
const MIN_LETTERS = 12;

/**
 * Text without its typography: forms of the same letter, kinds of quotation marks and dashes, invisible characters, runs
 * of spaces. Two texts that differ in more than that say different things: capitals, digits and signs count.
 */
export const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[‘’‚‛′`´]/g, "'")
    .replaceAll(/[“”„‟«»″]|''/g, '"')
    .replaceAll(/[\p{Pd}\u2212]/gu, '-')
    .replaceAll('…', '...')
    .replaceAll(/[\p{Cf}\u00AD]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** Whether a quote stands in a text, word for word. A quote that begins or ends inside a word does not. */
export function standsIn(quote: string, text: string): boolean {
  const words = plain(quote);
  if (words.replaceAll(/[^\p{L}\p{N}]/gu, '').length < MIN_LETTERS) return false;
  const whole = plain(text);
  for (let at = whole.indexOf(words); at >= 0; at = whole.indexOf(words, at + 1)) {
    if (!joins(whole[at - 1], words[0]) && !joins(words.at(-1), whole[at + words.length])) return true;
  }
  return false;
}

/** Whether two characters are part of one word or number. */
const joins = (a: string | undefined, b: string | undefined): boolean => isWord(a) && isWord(b);
const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);

/** The numbers of a text, without separators of thousands: `$1,200.50` has `1200.5`. */
export const numbersIn = (text: string): Set<string> =>
  new Set((plain(text).match(/\d[\d,]*(?:\.\d+)?/g) ?? []).map((number) => String(Number(number.replaceAll(',', '')))));
