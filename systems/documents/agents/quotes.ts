/** Where a quote stands in a document. */
export type QuotePlace =
  | { readonly found: 'here' }
  | { readonly found: 'elsewhere'; readonly page: number }
  | { readonly found: 'nowhere' };

/** Pages of a document, made ready for looking quotes up. */
export interface QuoteIndex {
  readonly pages: number;
  /** Looks for a quote on the page it is said to begin on (from 1), then on all others. */
  locate(quote: string, page: number): QuotePlace;
}

/** Each half of a quote that runs over a page break has at least so many letters: fewer occur by chance. */
const MIN_HALF = 8;
/** Letters that a running foot or head has at most: page number, file name, confidentiality notice. */
const RUNNING = 120;

/**
 * Makes the pages' texts ready. Two texts are the same when they differ only in what layout does to words: spaces and
 * line breaks, hyphens at line ends, ligatures, curly quotes, kinds of dashes, capitals. A quote may run on to the next
 * page, across running foot and head.
 */
export function indexQuotes(texts: readonly string[]): QuoteIndex {
  const pages = texts.map(squeeze);
  const holds = (index: number, words: string): boolean => {
    const here = pages[index];
    if (here === undefined) return false;
    return here.includes(words) || runsOver(words, here, pages[index + 1]);
  };
  return {
    pages: pages.length,
    locate(quote, page) {
      const words = squeeze(quote);
      if (words === '') return { found: 'nowhere' };
      if (holds(page - 1, words)) return { found: 'here' };
      const elsewhere = pages.findIndex((_, index) => holds(index, words));
      return elsewhere < 0 ? { found: 'nowhere' } : { found: 'elsewhere', page: elsewhere + 1 };
    },
  };
}

/** Whether the words begin at the end of one page and go on at the start of the next, but for running foot and head. */
function runsOver(words: string, here: string, next: string | undefined): boolean {
  if (next === undefined || words.length < 2 * MIN_HALF) return false;
  // If a beginning of some length is here, so is each shorter one: halve the interval.
  let [is, isNot] = [0, words.length];
  while (isNot - is > 1) {
    const middle = (is + isNot) >> 1;
    if (here.includes(words.slice(0, middle))) is = middle;
    else isNot = middle;
  }
  // The part here may be too long by a few letters that the foot happens to begin with as well.
  for (let cut = is; cut >= Math.max(MIN_HALF, is - MIN_HALF); cut -= 1) {
    const end = here.lastIndexOf(words.slice(0, cut)) + cut;
    const rest = words.slice(cut);
    if (rest.length < MIN_HALF || end < here.length - RUNNING) continue;
    if (next.slice(0, RUNNING + rest.length).includes(rest)) return true;
  }
  return false;
}

/** A text without what layout adds to it. Dashes go altogether, since one at a line's end may or may not be a hyphen. */
function squeeze(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[‘’‚‛′`´]/g, "'")
    .replaceAll(/[“”„‟«»″]|''/g, '"')
    .replaceAll(/[\s\p{Cf}\p{Pd}\u2212]+/gu, '')
    .toLowerCase();
}
