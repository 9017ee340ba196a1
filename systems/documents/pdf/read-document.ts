import type { PDFDocumentProxy } from 'unpdf/pdfjs';
import { readFields } from './fields.ts';
import { MAX_PART_BYTES } from './inflate.ts';
import { takeVerdict } from './inflate-watch.ts';
import { tooLong, tooMuchUnpacked, type Limits } from './limits.ts';
import { measureDrawing, type Drawing } from './page-drawing.ts';
import { noText, partlyUnreadable, type PageFlaw } from './page-flaws.ts';
import { isGarbled, readPageText, TextTooLong, type PageText } from './page-text.ts';
import { withDocument } from './pdf-js.ts';
import { withoutProtection } from './protection.ts';
import { asFault, damaged, dynamicForm, MAX_PAGES, portfolio, tooManyPages } from './rejections.ts';
import { findSignatures, signatureLine } from './signatures.ts';
import { checkStreams } from './structure.ts';

/** What a PDF says. */
export interface Reading {
  /** The text of each page, in order; page 1 is `pages[0]`. It includes the values of form fields. */
  readonly pages: readonly string[];
  /** Pages (from 1) that only show their text: scans, and text in fonts that do not say which letters it has. */
  readonly unread: readonly number[];
  /** The values of form fields, signatures and typed remarks by page (from 1). */
  readonly fields: readonly { readonly page: number; readonly text: string }[];
  /** A copy without protection, if the file is protected against changes only. */
  readonly unprotected: Uint8Array | null;
}

export interface ReadSettings {
  readonly limits: Limits;
  /** Whether pages that only show their text are returned as `unread`, and not rejected. */
  readonly acceptScans: boolean;
}

/** Reads a PDF. Throws a permanent `FailureError` with the fault and its remedy. To be called in a thread of its own. */
export async function readDocument(bytes: Uint8Array, settings: ReadSettings): Promise<Reading> {
  takeVerdict();
  const read = await withDocument(bytes, { stopAtErrors: true }, (document) =>
    readPages(document, bytes, settings),
  ).catch((error: unknown) => {
    throw asFault(error);
  });
  checkData(takeVerdict());
  if (read.damaged.length === read.pages.length) throw damaged();
  // The second pass skips the pictures, which pdf.js would decode at great cost.
  const flaws = await withDocument(bytes, { maxImageSize: 0 }, (document) => findFlaws(document, read));
  const unread = settings.acceptScans ? flaws.filter(({ kind }) => kind !== 'damaged').map(({ page }) => page) : [];
  const left = flaws.filter(({ page }) => !unread.includes(page));
  const flawed = new Set(left.map(({ page }) => page));
  const isEmpty = ({ text }: PageText, index: number): boolean => text.trim() === '' || flawed.has(index + 1);
  if (unread.length === 0 && read.pages.every(isEmpty)) throw noText(left);
  if (left.length > 0) throw partlyUnreadable(left, read.pages.length);
  return {
    pages: read.pages.map(({ text }) => text),
    unread,
    fields: read.fields,
    unprotected: read.isEncrypted ? await withoutProtection(bytes, read.pages.length) : null,
  };
}

interface Pages {
  readonly isEncrypted: boolean;
  readonly pages: PageText[];
  readonly fields: { readonly page: number; readonly text: string }[];
  /** Pages (from 1) whose content is damaged. */
  readonly damaged: number[];
}

async function readPages(document: PDFDocumentProxy, bytes: Uint8Array, { limits }: ReadSettings): Promise<Pages> {
  const { numPages } = document;
  if (numPages > MAX_PAGES) throw tooManyPages(numPages);
  const info = (await document.getMetadata()).info as Readonly<Record<string, unknown>>;
  if (info['IsCollectionPresent'] === true) throw portfolio();
  const isEncrypted = typeof info['EncryptFilterName'] === 'string';
  if (!isEncrypted) checkData(checkStreams(bytes));
  const read: Pages = { isEncrypted, pages: [], fields: [], damaged: [] };
  let hasForm = false;
  let left = limits.characters;
  for (let number = 1; number <= numPages; number += 1) {
    try {
      const page = await document.getPage(number);
      const fields = await readFields(page);
      hasForm ||= fields.some(({ isRemark }) => !isRemark);
      const text = await readPageText(page, fields, left);
      left -= text.text.length;
      read.pages.push(text);
      read.fields.push(...fields.map(({ text }) => ({ page: number, text })));
      page.cleanup();
    } catch (error) {
      if (error instanceof TextTooLong) throw tooLong(limits);
      read.pages.push({ text: '', letters: 0, bodyEmpty: false });
      read.damaged.push(number);
    }
  }
  if (info['IsXFAPresent'] === true && (document.isPureXfa || !hasForm)) throw dynamicForm();
  if (info['IsSignaturesPresent'] === true && !isEncrypted) addSignatures(read, bytes);
  return read;
}

/** Names the signers at the end of the last page, where contracts are signed. */
function addSignatures({ pages, fields }: Pages, bytes: Uint8Array): void {
  const lines = findSignatures(bytes).map(signatureLine);
  const last = pages.pop();
  if (last === undefined) return;
  fields.push(...lines.map((text) => ({ page: pages.length + 1, text })));
  pages.push({ ...last, text: [last.text, ...lines].join('\n') });
}

/** A page with only a page number or a stamp is a scan if a picture covers at least this share of it. */
const SCAN_SHARE = 0.4;
/** A page without any text is a scan if its picture is larger than a small logo. */
const LOGO_SHARE = 0.01;
/** Text turned into outlines has hundreds of shapes. Ruled lines are only a few. */
const OUTLINED = 40;

async function findFlaws(document: PDFDocumentProxy, { pages, damaged }: Pages): Promise<PageFlaw[]> {
  const flaws: PageFlaw[] = damaged.map((page) => ({ page, kind: 'damaged' }));
  for (const [index, text] of pages.entries()) {
    if (damaged.includes(index + 1)) continue;
    const page = await document.getPage(index + 1);
    const kind = flawOf(text, await measureDrawing(page));
    page.cleanup();
    if (kind !== null) flaws.push({ page: index + 1, kind });
  }
  return flaws;
}

/** Bullets and logos have no letters. A few of them are normal. */
const MAX_UNDECODED = 0.1;

function flawOf(page: PageText, { picture, shapes, letters, undecoded }: Drawing): PageFlaw['kind'] | null {
  const hasText = page.text.trim() !== '';
  if (page.bodyEmpty && (picture >= (hasText ? SCAN_SHARE : LOGO_SHARE) || shapes >= OUTLINED)) return 'picture';
  if (isGarbled(page.text) || undecoded > letters * MAX_UNDECODED) return 'garbled';
  // The page shows letters, but none could be read as text.
  return letters > 0 && !hasText ? 'garbled' : null;
}

function checkData(kind: 'whole' | 'sound' | 'damaged' | 'too-large'): void {
  if (kind === 'damaged') throw damaged();
  if (kind === 'too-large') throw tooMuchUnpacked(MAX_PART_BYTES);
}
