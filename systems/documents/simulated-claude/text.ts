/** A sentence of a contract, verbatim except for white space. Pages start at 1. */
export interface Quote {
  readonly quote: string;
  readonly page: number;
}

export const squeeze = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
export const linesOf = (page = ''): string[] => page.split('\n').map(squeeze);

/** A sentence ends after its full stop, or before the number of the next clause. */
const BREAK =
  /(?<=[.;!?:]["”’)]?)\s(?=["“(§•]?[\p{Lu}\d])|\s(?=(?:Section |Article |§ ?)?\d{1,2}\.(?:\d{1,2}\.?)*\s+["“]?\p{Lu})/u;
const ABBREVIATION = /(?:^|[\s(])(?:Inc|Ltd|Corp|Co|Pte|Nos?|Art|Sec|vs?|M[rs]s?|Dr|St|Abs|Nr|\p{L}(?:\.\p{L})*)\.$/u;
const VERB = /\b(?:is|are|be|shall|will|may|must|has|have|does|appl(?:y|ies))\b/;

/** Returns the sentences of all pages in order. A heading stays with the next sentence. Long sentences are split. */
export function sentencesOf(pages: readonly string[]): Quote[] {
  return pages.flatMap((page, index) => {
    const sentences: string[] = [];
    let open = '';
    for (const piece of squeeze(page).split(BREAK)) {
      open = open ? `${open} ${piece}` : piece;
      if ((open.length < 45 && !VERB.test(open)) || ABBREVIATION.test(piece)) continue;
      sentences.push(...(open.match(/.{1,360}(?:\s|$)/gu) ?? []));
      open = '';
    }
    return [...sentences, open].filter(Boolean).map((quote) => ({ quote: quote.trim(), page: index + 1 }));
  });
}
/** Compiles `a|b & c ! d`: the text has a or b, and c, but not d. The parts are regular expressions. */
export function matcher(notation: string): (text: string) => boolean {
  const [wanted = [], unwanted = []] = notation
    .split(' ! ')
    .map((side) => side.split(' & ').map((part) => new RegExp(part, 'i')));
  return (text) => wanted.every((part) => part.test(text)) && !unwanted.some((part) => part.test(text));
}

/**
 * Returns the values next to or below a label on the first two pages. A line may have several labels:
 * `Effective Date: 1 May. Law: X`.
 */
export function labelled(pages: readonly string[], label: string): string[] {
  const lines = linesOf(pages.slice(0, 2).join('\n').replaceAll(NEXT_LABEL, '\n'));
  const pattern = new RegExp(`^(?:the )?(?:${label})(?: name)?(?:\\s*[:–-]\\s*|$|\\s)(.*)$`, 'i');
  const values = lines.map((line, index) => pattern.exec(line)?.[1]?.replace(/^$/, lines[index + 1] ?? '') ?? '');
  return values.filter((value) => value && value.length < 120 && !PROSE.test(value));
}

const NEXT_LABEL = /(?<=[.;])\s(?=\p{Lu}[\p{L}\d ]{2,24}:)/gu;
const PROSE = /^(?:of|and|or|the|to|for|by|in|data)\b|:$|[“”"]|\b(?:shall|will|may|is|are|this|means|has|warrants)\b/i;
