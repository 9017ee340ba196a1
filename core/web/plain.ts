/**
 * Characters that no reader sees: controls, soft hyphens, zero-width and direction marks, variation selectors, and the
 * tag characters that spell hidden ASCII. They hide instructions in a text and split words that a quote has to match.
 */
const UNSEEN = /[[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]--[\t\n\r]]/gv;

export const dropUnseen = (text: string): string => text.replaceAll(UNSEEN, '');

/** A text as it is kept: without unseen characters, spaces and empty lines folded. */
export function tidy(text: string): string {
  return dropUnseen(text.toWellFormed())
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

/** What is left of a text when only its words count, by which two nights are compared. */
export const normalized = (text: string): string =>
  dropUnseen(text.toWellFormed()).normalize('NFKC').replaceAll(/\s+/g, ' ').trim();

/** A date as ISO 8601: a day stays a day. Undefined for no date, and for one that cannot be meant. */
export function isoDate(text: string | undefined): string | undefined {
  const value = text?.trim() ?? '';
  if (value === '' || value.length > 64) return undefined;
  const at = Date.parse(value);
  if (Number.isNaN(at)) return undefined;
  const iso = new Date(at).toISOString();
  const year = Number(iso.slice(0, 4));
  if (!(year >= 1990 && year <= 2100)) return undefined;
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : iso;
}
