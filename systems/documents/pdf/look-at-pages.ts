import type { PDFDocumentProxy, PDFPageProxy } from 'unpdf/pdfjs';
import { fieldsOf, isPictured, OUTLINED, type Field } from './fields.ts';
import { tooLong, type Limits } from './limits.ts';
import { measureDrawing, type Drawing, type Drawn } from './page-drawing.ts';
import type { PageFlaw, PageNote } from './page-flaws.ts';
import { composeText, readItems, TextTooLong, type PageText } from './page-text.ts';
import type { RawPage, RawPages } from './read-pages.ts';
import { isGarbled, MAX_UNDECODED } from './undecoded.ts';

export interface Seen {
  readonly pages: readonly string[];
  readonly flaws: readonly PageFlaw[];
  readonly notes: readonly PageNote[];
  /** Whether any page has lines or shapes. */
  readonly hasDrawings: boolean;
}

/** Compares what the pages show with the words that were read, in a document opened with `maxImageSize: 0`. */
export async function lookAtPages(
  document: PDFDocumentProxy,
  { pages: raw, signatures }: RawPages,
  limits: Limits,
): Promise<Seen> {
  const pages: string[] = [];
  const flaws: PageFlaw[] = [];
  const notes: PageNote[] = [];
  let hasDrawings = false;
  for (const [index, read] of raw.entries()) {
    const number = index + 1;
    // Contracts are signed at their end.
    const lines = number === raw.length ? signatures : [];
    if (read.trouble === 'damaged') {
      flaws.push({ page: number, kind: 'damaged' });
      pages.push(lines.join('\n'));
      continue;
    }
    const page = await document.getPage(number);
    const { text, flaw, noted, isDrawn } = await lookAt(page, read, limits);
    page.cleanup();
    pages.push([text, ...lines].join('\n'));
    if (flaw !== null) flaws.push({ page: number, kind: flaw });
    hasDrawings ||= isDrawn;
    notes.push(...noted.map((kind) => ({ page: number, kind })));
  }
  return { pages, flaws, notes, hasDrawings };
}

interface Look {
  readonly text: string;
  readonly flaw: PageFlaw['kind'] | null;
  readonly noted: readonly PageNote['kind'][];
  readonly isDrawn: boolean;
}

async function lookAt(page: PDFPageProxy, read: RawPage, limits: Limits): Promise<Look> {
  const items = read.trouble === 'lacks-parts' ? await itemsDespite(page, limits) : read.items;
  const drawing = await measureDrawing(page);
  const fields = fieldsOf(read.annotations, drawing.annotations);
  const text = repaired(composeText(items, fields, page), drawing, fields);
  return {
    text: text.text,
    isDrawn: drawing.content.shapes > 0,
    flaw: read.trouble !== null && text.text.trim() === '' ? 'damaged' : flawOf(text, drawing.content),
    noted: [
      ...(undecodedIn(read, drawing) > 0 ? (['letters'] as const) : []),
      ...(read.trouble === null ? [] : (['parts'] as const)),
      ...(read.annotations.some((annotation) => isPictured(annotation, drawing.annotations.get(annotation.id)))
        ? (['marks'] as const)
        : []),
    ],
  };
}

const itemsDespite = (page: PDFPageProxy, limits: Limits): ReturnType<typeof readItems> =>
  readItems(page, limits.characters).catch((error: unknown) => {
    throw error instanceof TextTooLong ? tooLong(limits) : error;
  });

/** With fewer letters, a page number decides. */
const MIN_LETTERS = 20;

/** Takes the drawn words if pdf.js's text layer has less than half of them, as with some unusual placements. */
function repaired(read: PageText, { content }: Drawing, fields: readonly Field[]): PageText {
  if (content.letters < MIN_LETTERS || read.letters * 2 >= content.letters) return read;
  const text = [content.text, ...fields.map(({ text }) => text)].join('\n');
  return { text, letters: content.letters, bodyEmpty: false };
}

/** Undecoded letters of the page and of what its annotations show, unless they have a value in plain text. */
function undecodedIn({ annotations }: RawPage, { content, annotations: drawn }: Drawing): number {
  const shown = annotations.map((annotation) => {
    const { undecoded = 0 } = drawn.get(annotation.id) ?? {};
    return hasValue(annotation) ? 0 : undecoded;
  });
  return shown.reduce((sum, count) => sum + count, content.undecoded);
}

const hasValue = ({ fieldType, subtype }: RawPage['annotations'][number]): boolean =>
  fieldType === 'Tx' || fieldType === 'Ch' || fieldType === 'Btn' || subtype === 'FreeText';

/** A page with only a page number or a stamp is a scan if a picture covers at least this share of it. */
const SCAN_SHARE = 0.4;
/** A page without any text is a scan if its picture is larger than a small logo. */
const LOGO_SHARE = 0.01;

function flawOf(page: PageText, { picture, shapes, letters, undecoded }: Drawn): PageFlaw['kind'] | null {
  const hasText = page.text.trim() !== '';
  if (page.bodyEmpty && (picture >= (hasText ? SCAN_SHARE : LOGO_SHARE) || shapes >= OUTLINED)) return 'picture';
  if (isGarbled(page.text) || undecoded > letters * MAX_UNDECODED) return 'garbled';
  // The page shows letters, but none could be read as text.
  return letters > 0 && !hasText ? 'garbled' : null;
}
