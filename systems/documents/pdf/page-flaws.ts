import { documentFault } from './faults.ts';

/** Why a page can't be read. */
export interface PageFlaw {
  /** From 1. */
  readonly page: number;
  readonly kind: 'picture' | 'garbled' | 'damaged';
}

const RECOGNISE = 'run text recognition (OCR) over it and upload the result';

/** The failure of a document no page of which has text that can be read. */
export function noText(flaws: readonly PageFlaw[]): Error {
  const has = (kind: PageFlaw['kind']): boolean => flaws.some((flaw) => flaw.kind === kind);
  if (has('garbled'))
    return documentFault('no-text', `The PDF’s text is in fonts whose letters can’t be told: ${RECOGNISE}.`);
  if (has('picture'))
    return documentFault('no-text', `The PDF has no text, only pictures of its pages (a scan): ${RECOGNISE}.`);
  return documentFault('no-text', 'All pages of the PDF are blank: check that this is the right file.');
}

/** The failure of a document some pages of which can't be read: names them. */
export function partlyUnreadable(flaws: readonly PageFlaw[], pages: number): Error {
  const clauses = [
    clause(flaws, 'picture', 'pictures without text'),
    clause(flaws, 'garbled', 'text in fonts whose letters can’t be told'),
    clause(flaws, 'damaged', 'damaged content'),
  ].filter((clause) => clause !== null);
  const remedy = flaws.every(({ kind }) => kind === 'damaged')
    ? 'save it anew in a PDF reader, or ask for it again, and upload that'
    : RECOGNISE;
  return documentFault(
    'partly-unreadable',
    `The PDF can be read only in part (${clauses.join('; ')}; ${pages} pages in all): ${remedy}.`,
  );
}

function clause(flaws: readonly PageFlaw[], kind: PageFlaw['kind'], what: string): string | null {
  const pages = flaws.filter((flaw) => flaw.kind === kind).map(({ page }) => page);
  if (pages.length === 0) return null;
  return `page${pages.length === 1 ? '' : 's'} ${listPages(pages)}: ${what}`;
}

/** Page numbers for a person: "2", "1, 3–5 and 9". */
export function listPages(pages: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const page of pages.toSorted((a, b) => a - b)) {
    const range = ranges.at(-1);
    if (range && page <= range[1] + 1) range[1] = page;
    else ranges.push([page, page]);
  }
  const named = ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  const tail = named.length > 1 ? ` and ${named.pop()}` : '';
  return named.join(', ') + tail;
}
