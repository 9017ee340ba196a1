import { startOf } from '#core/text/text.ts';
import { labelled, linesOf, squeeze } from './text.ts';

const FORM =
  /\S \(?(?:Inc|LLC|LLP|L\.?P|Limited|Ltd|Corp|GmbH|AG|KG|SE|SAS?|SARL|S\.[ALr]|plc|PLC|ULC|DAC|AB|[BN]\.?V|Bank|Trust)\b\W*(?:Co\. KG|publ\))?$/;
/** A name ends where its description begins. A comma before its legal form is part of the name. */
const END =
  /,(?! (?:Inc|LLC|LLP|L\.P|Ltd|Corp|S\.[AL]))|\s\((?!publ)|["“”;:|]|\s(?:an?|with|whose|having|located|residing|and|und|make|agree|retains|employs|is|mit)\s|(?<!University|Bank|Republic|State|City|Ministry)\sof\s|\s[–—]\s|(?<=\p{Ll}{3})(?<!Corp|Ltd|Inc)\.(?=\s|$)/u;
const TRAILING = /[\s,*]+$|(?<=\s(?:SAS|AB|GmbH|AG|LLC|LLP|SE|plc))\.$/;
const ROLES =
  'customer|client|provider|supplier|vendor|licen[sc]or|licensee|landlord|tenant|lessor|lessee|employer|employee|seller|buyer|purchaser|consultant|contractor|subscriber|distributor|reseller|principal|guarantor|manufacturer|controller|processor|company|party (?:1|2|a|b|one|two)';
const NO_NAME = new RegExp(`^(?:this|each|any|both|parties|you|page|article|section|date|wales|${ROLES})\\b`, 'i');
/** The kind of document is no party, however it is written. */
const DOCUMENT = /(?:^|\s)(?:agreement|contract|lease|addendum|m?nda|deed|vertrag)$/i;
const NO_PERSON = new RegExp(`agreement|page|${ROLES}`, 'i');

/** `Acme, Inc., a Delaware corporation (“Acme”)` → `Acme, Inc.` Returns an empty list if the text is not a name. */
function nameOf(text: string): string[] {
  const plain = squeeze(startOf(text, 160)).replace(/^(?:\(\w\)|\d\.|(?:and|the|der|die)\s|["“*:\s])+/i, '');
  const name = plain.slice(0, END.exec(plain)?.index).replace(TRAILING, '');
  return /^\d?\p{Lu}.*\p{L}/u.test(name) &&
    name.split(' ').length < 9 &&
    ![NO_NAME, DOCUMENT].some((no) => no.test(name))
    ? [name]
    : [];
}

/**
 * Returns the parties from the first source that names at least two: the opening (after “between” or with a quoted
 * role), the cover page, the signatures. If none does, from the source that names most.
 */
export function partiesOf(pages: readonly string[]): string[] {
  const opening = startOf(pages.slice(0, 2).join('\n'), 3_500);
  const [, between, rest] = /\b(between|among|zwischen|entre):?\s(.*)/is.exec(opening) ?? [];
  const text = startOf(rest ?? opening, 1_000);
  const starts = text.matchAll(/^|\b(?:and|und|et|retains|employs|dear|(?:into|made) by):?\s|\)[,;]\s|\(\d\)\s|\n/gi);
  const named = [...starts].flatMap(({ index, 0: start }) => {
    const after = text.slice(index + start.length);
    // If there is no “between”, a line may begin with a name that has a legal form.
    const isLine = !between && (start === '' || start === '\n');
    if (start === '\n' && between) return [];
    return nameOf(isLine ? after.replace(/\n.*/s, '') : after).filter((name) => {
      const hasRole = /^[^]{0,220}?\((?:the\s)?["“]/.test(after);
      const isPerson = /^\p{Lu}\S*\p{Ll}(?: \p{Lu}\S*){1,3}$/u.test(name) && !NO_PERSON.test(name);
      return (between && index === 0) || (FORM.test(name) ? between || hasRole : isPerson && hasRole && !isLine);
    });
  });
  const end = linesOf(pages.at(-1));
  const signed = end.filter((_, index) => /^(?:By|Signature|Signed)\b/.test(end[index + 1] ?? ''));
  const cover = labelled(pages, `(?:${ROLES})(?: (?:company|legal name|entity))?`).flatMap(nameOf);
  const candidates = [...(between ? [named, cover] : [cover, named]), signed.flatMap(nameOf)].map((names) =>
    [...new Set(names)].filter((name) => !names.some((other) => other !== name && other.includes(name))).slice(0, 6),
  );
  return candidates.toSorted((a, b) => Math.min(2, b.length) - Math.min(2, a.length))[0] ?? [];
}
