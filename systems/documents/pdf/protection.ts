import { documentFault } from './faults.ts';

/**
 * Returns a copy of a PDF that anybody can open but that restricts its use, such as printing. The copy has no
 * encryption, because the Claude API accepts none. It is the same for the same bytes.
 */
export async function withoutProtection(bytes: Uint8Array, pages: number): Promise<Uint8Array> {
  // Loaded with the first protected PDF: most never need it.
  const { PDFDocument } = await import('@cantoo/pdf-lib');
  try {
    const document = await PDFDocument.load(bytes, { password: '', updateMetadata: false });
    if (document.getPageCount() !== pages) throw new Error('The copy has other pages.');
    return await document.save();
  } catch (cause) {
    throw documentFault(
      'password-protected',
      'The protection of the PDF cannot be removed. Upload a copy saved without protection.',
      { cause },
    );
  }
}
