import { setImmediate } from 'node:timers/promises';
import { getDocument, type PDFDocumentProxy } from 'unpdf/pdfjs';
import { documentFault } from './faults.ts';
import { describeFile, hasPdfHeader } from './file-kind.ts';
import { measureDrawing } from './page-drawing.ts';
import { BeyondLimits, isGarbled, readPageText, type Limits } from './page-text.ts';
import { noText, partlyUnreadable, type PageFlaw } from './page-flaws.ts';
import { inspectStreams, isCutOff, isEncrypted } from './structure.ts';

/** What the Claude API takes (Claude documentation, "PDF support"). */
export const MAX_BYTES = 32 * 1_024 * 1_024;
export const MAX_PAGES = 600;

/** The text layer of a PDF, every page of which is blank or readable. */
export interface PdfText {
  /** The text of each page, in order; page 1 is `pages[0]`. */
  readonly pages: readonly string[];
  /** UTF-8 bytes of all of it. */
  readonly textBytes: number;
}

export interface ReadOptions {
  /** Milliseconds after which reading is given up. @default 60,000 */
  readonly timeLimitMs?: number;
  /** Characters of text that a document may have. @default 5,000,000, some 1,500 full pages */
  readonly maxCharacters?: number;
}

/**
 * Reads a PDF's text, page by page. Throws a permanent `FailureError` that names the fault and its remedy unless every
 * page is blank or readable: half a contract is worse than none. About 10 ms of CPU for a short contract.
 */
export async function readPdf(bytes: Uint8Array, options: ReadOptions = {}): Promise<PdfText> {
  refuseByBytes(bytes);
  const { timeLimitMs = 60_000, maxCharacters = 5_000_000 } = options;
  const limits = { deadline: performance.now() + timeLimitMs, maxCharacters };
  const { texts, flaws, suspects } = await withDocument(bytes, { stopAtErrors: true }, (document) =>
    readPages(document, limits),
  );
  // A second look, only where a page may be a picture: without pictures, which pdf.js would decode at great cost.
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

/** What can be told, and is told better, without pdf.js. */
function refuseByBytes(bytes: Uint8Array): void {
  if (bytes.byteLength === 0) throw documentFault('empty', 'The file is empty (0 bytes): upload the document again.');
  if (bytes.byteLength > MAX_BYTES) throw tooLarge(bytes.byteLength);
  if (!hasPdfHeader(bytes)) {
    throw documentFault(
      'not-a-pdf',
      `The file is ${describeFile(bytes)}, not a PDF: save it as a PDF and upload that.`,
    );
  }
  if (isCutOff(bytes)) {
    throw documentFault(
      'truncated',
      'The PDF breaks off before its end, as after an interrupted transfer: upload the complete file.',
    );
  }
  if (isEncrypted(bytes)) {
    throw documentFault(
      'password-protected',
      'The PDF is encrypted (it asks for a password or restricts its use): upload a copy saved without protection.',
    );
  }
  const streams = inspectStreams(bytes);
  if (streams === 'bursting') throw tooComplex('unpacks to hundreds of megabytes');
  if (streams === 'damaged') throw damaged();
}

export const tooLarge = (size: number): Error =>
  documentFault(
    'too-large',
    `The file has ${(size / 1_048_576).toFixed(1)} MB, more than the ${MAX_BYTES / 1_048_576} MB the model reads: ` +
      'shrink its pictures or split it.',
  );

const tooComplex = (how: string): Error =>
  documentFault('too-complex', `The PDF ${how}: print it to a new PDF and upload that.`);

const damaged = (cause?: unknown): Error =>
  documentFault('damaged', 'The PDF is damaged: save it anew in a PDF reader, or ask for it again, and upload that.', {
    cause,
  });

/** A page, from 1, that has no text of its own: nothing at all, or a page number or a stamp near its edge. */
interface Suspect {
  readonly page: number;
  readonly hasText: boolean;
}

interface Reading {
  readonly texts: string[];
  readonly flaws: PageFlaw[];
  readonly suspects: Suspect[];
}

/** Wall time for one page. Less than a lease, which is not renewed meanwhile. */
const PAGE_TIME_MS = 10_000;

async function readPages(document: PDFDocumentProxy, limits: Limits): Promise<Reading> {
  const { numPages } = document;
  if (numPages > MAX_PAGES) {
    throw documentFault(
      'too-many-pages',
      `The PDF has ${numPages} pages, more than the ${MAX_PAGES} the model reads: split it.`,
    );
  }
  const reading: Reading = { texts: [], flaws: [], suspects: [] };
  let left = limits.maxCharacters;
  for (let number = 1; number <= numPages; number += 1) {
    // pdf.js works in microtasks alone: without a pause, no lease of this worker would be renewed until the last page.
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
      if (error instanceof BeyondLimits) throw tooComplex('takes a minute to read, or holds more text than some books');
      reading.texts.push('');
      reading.flaws.push({ page: number, kind: 'damaged' });
    }
  }
  if (reading.flaws.length === numPages && reading.flaws.every(({ kind }) => kind === 'damaged')) throw damaged();
  return reading;
}

/** Beside a page number or a stamp, a picture that covers this share of the page is a scan; beside no text, a logo's worth. */
const SCAN_SHARE = 0.4;
const LOGO_SHARE = 0.01;
/** Letters turned into outlines are shapes by the hundred, ruled lines are a few. */
const OUTLINED = 40;

async function findPictures(document: PDFDocumentProxy, suspects: readonly Suspect[], limits: Limits) {
  const flaws: PageFlaw[] = [];
  for (const { page: number, hasText } of suspects) {
    if (performance.now() > limits.deadline) throw tooComplex('takes a minute to read');
    const page = await document.getPage(number);
    const { picture, shapes, letters } = await measureDrawing(page);
    page.cleanup();
    if (picture >= (hasText ? SCAN_SHARE : LOGO_SHARE) || shapes >= OUTLINED)
      flaws.push({ page: number, kind: 'picture' });
    // Letters are set, but none came out as text: their font is missing or broken.
    else if (letters > 0 && !hasText) flaws.push({ page: number, kind: 'garbled' });
  }
  return flaws;
}

/** Opens the PDF, hands it over and always closes it, so that a warm worker keeps nothing of it. */
async function withDocument<Result>(
  bytes: Uint8Array,
  how: { readonly stopAtErrors?: boolean; readonly maxImageSize?: number },
  use: (document: PDFDocumentProxy) => Promise<Result>,
): Promise<Result> {
  const task = getDocument({
    // pdf.js takes the bytes it is given for its own.
    data: bytes.slice(),
    // Nothing is drawn, fetched, evaluated or printed to the console.
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
