import { buffer } from 'node:stream/consumers';
import PdfKit from 'pdfkit';
import { dice } from '#core/chance/dice.ts';

/** Creates a PDF with a line of text per page, to test the limit of 600 pages. About 0.1 ms and 300 bytes per page. */
export async function manyPages(pages: number): Promise<Uint8Array> {
  const doc = openDocument();
  for (let page = 1; page <= pages; page++) {
    doc.addPage().fontSize(11).text(`This agreement goes on. Page ${page} of ${pages}.`, 72, 72, { lineBreak: false });
  }
  return close(doc);
}

/** Creates a valid PDF of at least `bytes` bytes, mostly an attachment, to test the limit of 24 MB. */
export async function hugeFile(bytes: number): Promise<Uint8Array> {
  // Without compression the attachment keeps its size.
  const doc = openDocument(false);
  doc.addPage().fontSize(11).text('This agreement has its exhibits attached.', 72, 72, { lineBreak: false });
  const random = dice('attachment');
  const block = Buffer.from(Array.from({ length: 4096 }, () => random.int(0, 255)));
  doc.file(Buffer.alloc(bytes, block), { name: 'exhibits.bin', creationDate: EPOCH, modifiedDate: EPOCH });
  return close(doc);
}

const EPOCH = new Date(Date.UTC(2026, 0, 1));

function openDocument(compress = true): InstanceType<typeof PdfKit> {
  return new PdfKit({ autoFirstPage: false, compress, info: { CreationDate: EPOCH } });
}

async function close(doc: InstanceType<typeof PdfKit>): Promise<Uint8Array> {
  const bytes = buffer(doc);
  doc.end();
  return new Uint8Array(await bytes);
}
