import { documentFault } from './faults.ts';

/** Why a page cannot be read. */
export interface PageFlaw {
  /** From 1. */
  readonly page: number;
  readonly kind: 'picture' | 'garbled' | 'damaged';
}

/** What may be missing from a page that was read. */
export interface PageNote {
  /** From 1. */
  readonly page: number;
  readonly kind: 'letters' | 'parts' | 'marks';
}

/** One sentence for each kind of note, for whoever relies on the quotes. */
export function noteSentences(notes: readonly PageNote[]): readonly string[] {
  const sentence = (kind: PageNote['kind'], words: (pages: string) => string): string[] => {
    const pages = notes.filter((note) => note.kind === kind).map(({ page }) => page);
    return pages.length === 0 ? [] : [words(`page${pages.length === 1 ? '' : 's'} ${listPages(pages)}`)];
  };
  return [
    ...sentence(
      'letters',
      (pages) => `Some letters on ${pages} are in fonts that do not say which letters they are. Check these pages.`,
    ),
    ...sentence(
      'parts',
      (pages) => `The file lacks parts that ${pages} should show. The text may be incomplete. Check these pages.`,
    ),
    ...sentence('marks', (pages) => `A stamp or signature on ${pages} is a picture. Its words were not read.`),
  ];
}

const RECOGNISE = 'Run text recognition (OCR) on it and upload the result.';

/**
 * The failure of a document without a readable page.
 * @param hasDrawings whether a page has lines or shapes
 */
export function noText(flaws: readonly PageFlaw[], hasDrawings: boolean): Error {
  const has = (kind: PageFlaw['kind']): boolean => flaws.some((flaw) => flaw.kind === kind);
  if (has('garbled'))
    return documentFault('no-text', `The fonts of the PDF do not say which letters its text has. ${RECOGNISE}`);
  if (has('picture'))
    return documentFault('no-text', `The PDF is a scan: it has pictures of its pages but no text. ${RECOGNISE}`);
  if (hasDrawings)
    return documentFault(
      'no-text',
      'The PDF has no text; it has drawings only. Check that this is the right file. If the drawings show its text, run text recognition (OCR) on it and upload the result.',
    );
  return documentFault('no-text', 'All pages of the PDF are blank. Check that this is the right file.');
}

/** The failure of a document with some unreadable pages. It lists them. */
export function partlyUnreadable(flaws: readonly PageFlaw[], pages: number): Error {
  const clauses = [
    clause(flaws, 'picture', 'pictures without text'),
    clause(flaws, 'garbled', 'text in fonts that do not say which letters it has'),
    clause(flaws, 'damaged', 'damaged content'),
  ].filter((clause) => clause !== null);
  const remedy = flaws.every(({ kind }) => kind === 'damaged')
    ? 'Save it again in a PDF reader, or ask the sender for a new copy, and upload that.'
    : RECOGNISE;
  return documentFault(
    'partly-unreadable',
    `Some pages of the PDF cannot be read (${clauses.join('; ')}; ${pages} pages in total). ${remedy}`,
  );
}

function clause(flaws: readonly PageFlaw[], kind: PageFlaw['kind'], what: string): string | null {
  const pages = flaws.filter((flaw) => flaw.kind === kind).map(({ page }) => page);
  if (pages.length === 0) return null;
  return `page${pages.length === 1 ? '' : 's'} ${listPages(pages)}: ${what}`;
}

/** Formats page numbers for people: "2", "1, 3–5 and 9". */
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
