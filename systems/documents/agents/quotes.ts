/** Where a quote is in a document. */
export type QuotePlace =
  | { readonly found: 'here' }
  | { readonly found: 'elsewhere'; readonly page: number }
  | { readonly found: 'nowhere' };

/** The pages of a document, prepared for looking up quotes. */
export interface QuoteIndex {
  readonly pages: number;
  /** Pages (from 1) without text, such as scans. What a quote from them says cannot be verified. */
  readonly unread: readonly number[];
  /** What may be missing from the text, one sentence each. */
  readonly notes: readonly string[];
  /** Looks up a quote on the page it is said to begin on (from 1), then on all others. */
  locate(quote: string, page: number): QuotePlace;
}

/** Minimum letters of each half of a quote that crosses a page break. Fewer would match by chance. */
const MIN_HALF = 8;
/** Maximum letters of a running foot or head: page number, file name, confidentiality notice. */
const MAX_RUNNING = 120;

/**
 * Prepares the pages' texts. Two texts match if they differ only in layout: spaces and line breaks, hyphens at line
 * ends, ligatures, curly quotes, kinds of dashes, capitals. A quote may continue on the next page, across the running
 * foot and head.
 */
export function indexQuotes(
  texts: readonly string[],
  unread: readonly number[] = [],
  notes: readonly string[] = [],
): QuoteIndex {
  const pages = texts.map(squeeze);
  const contains = (index: number, words: string): boolean => {
    const here = pages[index];
    if (here === undefined) return false;
    return here.includes(words) || crossesPages(words, here, pages[index + 1]);
  };
  return {
    pages: pages.length,
    unread,
    notes,
    locate(quote, page) {
      const words = squeeze(quote);
      if (words === '') return { found: 'nowhere' };
      if (contains(page - 1, words)) return { found: 'here' };
      const elsewhere = pages.findIndex((_, index) => contains(index, words));
      return elsewhere < 0 ? { found: 'nowhere' } : { found: 'elsewhere', page: elsewhere + 1 };
    },
  };
}

/** Whether the words begin at the end of one page and continue on the next, ignoring the running foot and head. */
function crossesPages(words: string, here: string, next: string | undefined): boolean {
  if (next === undefined || words.length < 2 * MIN_HALF) return false;
  // Finds the longest beginning on this page. Binary search works because every shorter beginning is here too.
  let [matched, unmatched] = [0, words.length];
  while (unmatched - matched > 1) {
    const middle = (matched + unmatched) >> 1;
    if (here.includes(words.slice(0, middle))) matched = middle;
    else unmatched = middle;
  }
  // This beginning may be a few letters too long, if the foot happens to start with the same letters.
  for (let cut = matched; cut >= Math.max(MIN_HALF, matched - MIN_HALF); cut -= 1) {
    const end = here.lastIndexOf(words.slice(0, cut)) + cut;
    const rest = words.slice(cut);
    if (rest.length < MIN_HALF || end < here.length - MAX_RUNNING) continue;
    if (next.slice(0, MAX_RUNNING + rest.length).includes(rest)) return true;
  }
  return false;
}

/** Removes layout from a text. It removes all dashes, because one at a line's end may or may not be a hyphen. */
function squeeze(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[‘’‚‛′`´]/g, "'")
    .replaceAll(/[“”„‟«»″]|''/g, '"')
    .replaceAll(/[\s\p{Cf}\p{Pd}\u2212]+/gu, '')
    .toLowerCase();
}
