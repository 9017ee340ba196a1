import { setImmediate } from 'node:timers/promises';
import { getDocument, type PDFDocumentProxy } from 'unpdf/pdfjs';
import { MAX_REQUEST_BYTES, maxDocumentBytes } from '#core/models/request-size.ts';
import { documentFault } from './faults.ts';
import { describeFile, hasPdfHeader } from './file-kind.ts';
import { measureDrawing } from './page-drawing.ts';
import { isGarbled, LimitExceeded, readPageText, type Limits } from './page-text.ts';
import { noText, partlyUnreadable, type PageFlaw } from './page-flaws.ts';
import { inspectStreams, isCutOff, isEncrypted } from './structure.ts';

/** The limits of the Claude API (Claude documentation, "PDF support"): a PDF is part of a request of at most 32 MB. */
export const MAX_BYTES = maxDocumentBytes(MAX_REQUEST_BYTES);
export const MAX_PAGES = 600;

/** The text layer of a PDF whose pages are all blank or readable. */
export interface PdfText {
  /** The text of each page, in order; page 1 is `pages[0]`. */
  readonly pages: readonly string[];
  /** UTF-8 bytes of the whole text. */
  readonly textBytes: number;
}

export interface ReadOptions {
  /** Maximum time in milliseconds. @default 60,000 */
  readonly timeLimitMs?: number;
  /** Maximum characters of text. @default 5,000,000, about 1,500 full pages */
  readonly maxCharacters?: number;
}

/**
 * Reads the text of a PDF, page by page. Throws a permanent `FailureError` with the fault and its remedy unless every
 * page is blank or readable, because half a contract is worse than none. A short contract takes about 10 ms of CPU.
 */
export async function readPdf(bytes: Uint8Array, options: ReadOptions = {}): Promise<PdfText> {
  checkBytes(bytes);
  const { timeLimitMs = 60_000, maxCharacters = 5_000_000 } = options;
  const limits = { deadline: performance.now() + timeLimitMs, maxCharacters };
  const { texts, flaws, suspects } = await withDocument(bytes, { stopAtErrors: true }, (document) =>
    readPages(document, limits),
  );
  // Second pass over the pages that may be pictures. It skips the pictures, which pdf.js would decode at great cost.
  if (suspects.length > 0) {
    const drawn = await withDocument(bytes, { maxImageSize: 0 }, (document) =>
      findPictures(document, suspects, limits),
    );
    flaws.push(...drawn);
  }
  const flawed = new Set(flaws.map(({ page }) => page));
  if (texts.every((text, index) => text.trim() === '' || flawed.has(index + 1))) throw noText(flaws);
  if (flaws.length > 0) throw partlyUnreadable(flaws, texts.length);
  return { pages: texts, textBytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) };
}

/** Throws the faults that show in the bytes. pdf.js would miss them or describe them worse. */
function checkBytes(bytes: Uint8Array): void {
  if (bytes.byteLength === 0) throw documentFault('empty', 'The file is empty (0 bytes). Upload the document again.');
  if (bytes.byteLength > MAX_BYTES) throw tooLarge(bytes.byteLength);
  if (!hasPdfHeader(bytes)) {
    throw documentFault(
      'not-a-pdf',
      `The file is ${describeFile(bytes)}, not a PDF. Save it as a PDF and upload that.`,
    );
  }
  if (isCutOff(bytes)) {
    throw documentFault(
      'truncated',
      'The PDF is incomplete, for example after an interrupted transfer. Upload the complete file.',
    );
  }
  if (isEncrypted(bytes)) {
    throw documentFault(
      'password-protected',
      'The PDF is encrypted: it needs a password or restricts its use. Upload a copy saved without protection.',
    );
  }
  const streams = inspectStreams(bytes);
  if (streams === 'too-large') throw tooComplex('unpacks to hundreds of megabytes');
  if (streams === 'damaged') throw damaged();
}

export const tooLarge = (size: number): Error =>
  documentFault(
    'too-large',
    `The file has ${megabytes(size)} MB. The model accepts at most ${megabytes(MAX_BYTES)} MB, because a PDF becomes a ` +
      'third larger in a request, which can have 32 MB. Reduce the size of its pictures, or split the file.',
  );

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

const tooComplex = (how: string): Error =>
  documentFault('too-complex', `The PDF ${how}. Print it to a new PDF and upload that.`);

const damaged = (cause?: unknown): Error =>
  documentFault(
    'damaged',
    'The PDF is damaged. Save it again in a PDF reader, or ask the sender for a new copy, and upload that.',
    { cause },
  );

/** A page (from 1) with no text at all, or with only a page number or a stamp near its edge. */
interface Suspect {
  readonly page: number;
  readonly hasText: boolean;
}

interface Reading {
  readonly texts: string[];
  readonly flaws: PageFlaw[];
  readonly suspects: Suspect[];
}

/** Wall time for one page. It is shorter than a lease, because no lease is renewed while a page is read. */
const PAGE_TIME_MS = 10_000;

async function readPages(document: PDFDocumentProxy, limits: Limits): Promise<Reading> {
  const { numPages } = document;
  if (numPages > MAX_PAGES) {
    throw documentFault(
      'too-many-pages',
      `The PDF has ${numPages} pages. The model accepts at most ${MAX_PAGES}. Split the file.`,
    );
  }
  const reading: Reading = { texts: [], flaws: [], suspects: [] };
  let left = limits.maxCharacters;
  for (let number = 1; number <= numPages; number += 1) {
    // pdf.js runs in microtasks only. Without this pause, the worker could renew no lease until the last page.
    await setImmediate();
    const deadline = Math.min(limits.deadline, performance.now() + PAGE_TIME_MS);
    try {
      const page = await document.getPage(number);
      const { text, bodyEmpty } = await readPageText(page, { deadline, maxCharacters: left });
      reading.texts.push(text);
      if (bodyEmpty) reading.suspects.push({ page: number, hasText: text.trim() !== '' });
      if (isGarbled(text)) reading.flaws.push({ page: number, kind: 'garbled' });
      left -= text.length;
      page.cleanup();
    } catch (error) {
      if (error instanceof LimitExceeded) throw tooComplex('takes too long to read or has more text than a long book');
      reading.texts.push('');
      reading.flaws.push({ page: number, kind: 'damaged' });
    }
  }
  if (reading.flaws.length === numPages && reading.flaws.every(({ kind }) => kind === 'damaged')) throw damaged();
  return reading;
}

/** A page with only a page number or a stamp is a scan if a picture covers at least this share of it. */
const SCAN_SHARE = 0.4;
/** A page without any text is a scan if its picture is larger than a small logo. */
const LOGO_SHARE = 0.01;
/** Text turned into outlines has hundreds of shapes. Ruled lines are only a few. */
const OUTLINED = 40;

async function findPictures(document: PDFDocumentProxy, suspects: readonly Suspect[], limits: Limits) {
  const flaws: PageFlaw[] = [];
  for (const { page: number, hasText } of suspects) {
    if (performance.now() > limits.deadline) throw tooComplex('takes too long to read');
    const page = await document.getPage(number);
    const { picture, shapes, letters } = await measureDrawing(page);
    page.cleanup();
    if (picture >= (hasText ? SCAN_SHARE : LOGO_SHARE) || shapes >= OUTLINED)
      flaws.push({ page: number, kind: 'picture' });
    // The page shows letters, but none could be read as text: their font is missing or broken.
    else if (letters > 0 && !hasText) flaws.push({ page: number, kind: 'garbled' });
  }
  return flaws;
}

/** Opens the PDF, passes it to `use` and always closes it, so that a warm worker keeps nothing of it. */
async function withDocument<Result>(
  bytes: Uint8Array,
  how: { readonly stopAtErrors?: boolean; readonly maxImageSize?: number },
  use: (document: PDFDocumentProxy) => Promise<Result>,
): Promise<Result> {
  const task = getDocument({
    // A copy, because pdf.js takes over the buffer.
    data: bytes.slice(),
    // No drawing, fetching, eval or console output.
    disableFontFace: true,
    useSystemFonts: true,
    useWasm: false,
    isEvalSupported: false,
    disableRange: true,
    disableStream: true,
    disableAutoFetch: true,
    verbosity: 0,
    ...how,
  });
  try {
    const document = await task.promise.catch((error: unknown) => {
      throw damaged(error);
    });
    return await use(document);
  } finally {
    await task.destroy();
  }
}
