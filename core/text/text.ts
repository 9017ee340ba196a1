/**
 * Text is cut between characters, never inside one. Half of an emoji is a lone surrogate: it is not valid Unicode, and
 * the model's API rejects every request that contains one.
 */

/** The start of a text: at most `length` UTF-16 units, and no half of a character at the end. */
export function startOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.max(0, Math.floor(length));
  return text.slice(0, isSplit(text, end) ? end - 1 : end);
}

/** A text of at most `length` UTF-16 units, with `…` at its end if something was left out. */
export const shorten = (text: string, length: number): string =>
  text.length > length ? `${startOf(text, length - 1)}…` : text;

/** Whether a cut at `index` would separate the two halves of a character. */
function isSplit(text: string, index: number): boolean {
  return isHigh(text.charCodeAt(index - 1)) && isLow(text.charCodeAt(index));
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/**
 * A JSON value whose texts are well-formed: each lone surrogate becomes `�`, in keys too. Returns the same value if
 * nothing had to change.
 */
export function wellFormed<Value>(value: Value): Value;
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => wellFormed(item));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value);
  const fixed = entries.map(([key, entry]) => [key.toWellFormed(), wellFormed<unknown>(entry)] as const);
  const same = fixed.every(([key, entry], index) => key === entries[index]?.[0] && entry === entries[index]?.[1]);
  return same ? value : Object.fromEntries(fixed);
}

/** Matches a text with a visible character. The model's API rejects any other, so a schema for a user's text needs it. */
export const VISIBLE = /\S/;
