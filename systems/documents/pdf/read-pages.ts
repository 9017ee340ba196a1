import type { PDFDocumentProxy } from 'unpdf/pdfjs';
import { readAnnotations, type Annotation } from './fields.ts';
import { tooLong, type Limits } from './limits.ts';
import { readItems, TextTooLong } from './page-text.ts';
import type { TextItem } from './place-fields.ts';
import { dynamicForm, MAX_PAGES, portfolio, tooManyPages } from './rejections.ts';
import { findSignatures, signatureLine } from './signatures.ts';
import { checkStreams } from './structure.ts';
import { checkData } from './unpacked.ts';

/** The words of a page and its annotations, before they are joined. */
export interface RawPage {
  readonly items: readonly TextItem[];
  readonly annotations: readonly Annotation[];
  /** Whether its content is damaged, or refers to parts that the file lacks, which every viewer leaves out. */
  readonly trouble: 'damaged' | 'lacks-parts' | null;
}

export interface RawPages {
  readonly isEncrypted: boolean;
  readonly pages: readonly RawPage[];
  /** One line for each digital signature: who signed and when. */
  readonly signatures: readonly string[];
}

/** Reads all pages of a document that was opened with `stopAtErrors`. Throws the faults of the whole document. */
export async function readPages(document: PDFDocumentProxy, bytes: Uint8Array, limits: Limits): Promise<RawPages> {
  const { numPages } = document;
  if (numPages > MAX_PAGES) throw tooManyPages(numPages);
  const info = (await document.getMetadata()).info as Readonly<Record<string, unknown>>;
  if (info['IsCollectionPresent'] === true) throw portfolio();
  const isEncrypted = typeof info['EncryptFilterName'] === 'string';
  if (!isEncrypted) checkData(checkStreams(bytes));
  const pages: RawPage[] = [];
  let left = limits.characters;
  for (let number = 1; number <= numPages; number += 1) {
    const page = await readPage(document, number, left).catch((error: unknown) => {
      throw error instanceof TextTooLong ? tooLong(limits) : error;
    });
    left -= page.items.reduce((sum, { str }) => sum + str.length, 0);
    pages.push(page);
  }
  const hasForm = pages.some(({ annotations }) => annotations.some(({ subtype }) => subtype === 'Widget'));
  if (info['IsXFAPresent'] === true && (document.isPureXfa || !hasForm)) throw dynamicForm();
  const isSigned = info['IsSignaturesPresent'] === true && !isEncrypted;
  return { isEncrypted, pages, signatures: isSigned ? findSignatures(bytes).map(signatureLine) : [] };
}

async function readPage(document: PDFDocumentProxy, number: number, maxCharacters: number): Promise<RawPage> {
  let annotations: readonly Annotation[] = [];
  try {
    const page = await document.getPage(number);
    annotations = await readAnnotations(page);
    const items = await readItems(page, maxCharacters);
    page.cleanup();
    return { items, annotations, trouble: null };
  } catch (error) {
    if (error instanceof TextTooLong) throw error;
    return { items: [], annotations, trouble: lacksParts(error) ? 'lacks-parts' : 'damaged' };
  }
}

/** pdf.js says so of a resource that is not in the file. Viewers draw the page without it. */
const lacksParts = (error: unknown): boolean =>
  error instanceof Error && /(GState should be a dictionary|XObject should be a stream)/.test(error.message);
