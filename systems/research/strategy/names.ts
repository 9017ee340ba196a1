import { plain } from '../claims/quotes.ts';

const LEGAL_FORM =
  /[,.]?\s+(?:the|inc|incorporated|corp|corporation|co|company|companies|ltd|limited|llc|plc|ag|se|sa|nv|group|holdings?)\.?$/i;

/** A company's name without its legal form, in lower case. */
export function bareName(name: string): string {
  let bare = plain(name)
    .toLowerCase()
    .replace(/^the /, '')
    .replaceAll(/\s*\([^)]*\)/g, '');
  for (let before = ''; before !== bare;) {
    before = bare;
    bare = bare.replace(LEGAL_FORM, '').trim();
  }
  return bare.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

/**
 * Whether a text names a company, with or without its legal form, as words of their own. A name that begins with a capital
 * does so in the text: a gap is not Gap.
 */
export function mentions(text: string, name: string): boolean {
  const wanted = bareName(name).split(' ');
  const [first = ''] = wanted;
  if (first === '') return false;
  const hasCapital = /^\P{L}*\p{Lu}/u.test(plain(name).replace(/^the /i, ''));
  const words = plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.some(
    (word, at) =>
      word.toLowerCase() === first &&
      (!hasCapital || !/^\p{Ll}/u.test(word)) &&
      wanted.every((part, offset) => words[at + offset]?.toLowerCase() === part),
  );
}
