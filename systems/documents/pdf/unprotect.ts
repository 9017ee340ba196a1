import { PDFDocument } from '@cantoo/pdf-lib';

/** Returns a PDF without its protection. Throws if that is not possible, or if the copy has another number of pages. */
export async function unprotect(bytes: Uint8Array, pages: number): Promise<Uint8Array> {
  const document = await PDFDocument.load(bytes, { password: '', updateMetadata: false });
  if (document.getPageCount() !== pages) throw new Error('The copy has other pages.');
  return document.save();
}
