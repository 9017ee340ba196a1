import { deflateSync, crc32 } from 'node:zlib';
import Pdf from 'pdfkit';
import { FailureError } from '#core/failures/failure.ts';
import { parseFault } from '../../pdf/faults.ts';
import { readPdf, type ReadOptions } from '../../pdf/read-pdf.ts';

type Draw = (document: PDFKit.PDFDocument) => void;

/** A PDF with one page for each drawing. */
export async function makePdf(pages: readonly Draw[], options: PDFKit.PDFDocumentOptions = {}): Promise<Uint8Array> {
  const document = new Pdf({ size: 'A4', autoFirstPage: false, ...options });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => document.on('end', resolve));
  for (const draw of pages) draw(document.addPage());
  document.end();
  await ended;
  return new Uint8Array(Buffer.concat(chunks));
}

export const text =
  (words: string): Draw =>
  (page) =>
    page.text(words);

export const blank: Draw = () => undefined;

/** A scanned page: one picture covers all of it. */
export const scan: Draw = (page) => page.image(greyPng(120, 170), 0, 0, { width: 595, height: 842 });

export const CLAUSE = 'Either party may terminate this Agreement on thirty days written notice to the other party.';

/**
 * One page per font name. F1 draws shapes for the codes 1 to 6 but does not say which letters they are, like a subset
 * font without glyph names. F2 is Helvetica.
 */
export function codedPdf(fonts: readonly ('F1' | 'F2')[]): Uint8Array {
  const names = [1, 2, 3, 4, 5, 6].map((code) => `/sq${code}`);
  return handmade([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${fonts.map((_, page) => `${6 + 2 * page} 0 R`).join(' ')}] /Count ${fonts.length} >>`,
    `<< /Type /Font /Subtype /Type3 /FontBBox [0 0 750 750] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 1 /LastChar 6
/Widths [600 600 600 600 600 600] /Encoding << /Type /Encoding /Differences [1 ${names.join(' ')}] >>
/CharProcs << ${names.map((name) => `${name} 4 0 R`).join(' ')} >> /Resources << >> >>`,
    stream('600 0 0 0 500 700 d1 0 0 500 700 re f'),
    HELVETICA,
    ...fonts.flatMap((font, page) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${7 + 2 * page} 0 R
/Resources << /Font << /F1 3 0 R /F2 5 0 R >> >> >>`,
      stream(`BT /${font} 12 Tf 72 700 Td <${font === 'F1' ? '0102030405060102030405' : '48656c6c6f'}> Tj ET`),
    ]),
  ]);
}

/** One page that draws a form that draws ten forms, and so on: a word, 10^`depth` times. */
export function nestedForms(depth: number): Uint8Array {
  const resources = (form: number): string => `/Resources << /XObject << /F ${form} 0 R >> /Font << /F1 4 0 R >> >>`;
  const form = (level: number): string => {
    const draws = level === depth ? 'BT /F1 12 Tf (word) Tj ET' : '/F Do '.repeat(10);
    return stream(draws, `/Type /XObject /Subtype /Form /BBox [0 0 9 9] ${resources(7 + level)}`);
  };
  return handmade([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R ${resources(6)} >>`,
    HELVETICA,
    stream('/F Do'),
    ...Array.from({ length: depth + 1 }, (_, level) => form(level)),
  ]);
}

/** One page whose content is this text: deflated operators in ASCII85, as some PDF writers produce them. */
export const ascii85Pdf = (content: string): Uint8Array =>
  handmade([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>',
    HELVETICA,
    stream(content, '/Filter [ /ASCII85Decode /FlateDecode ]'),
  ]);

const HELVETICA = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';

export const stream = (data: string, keys = ''): string =>
  `<< ${keys} /Length ${data.length} >>\nstream\n${data}\nendstream`;

/** A PDF made of these objects, numbered from 1. Readers find them without a table. */
export function handmade(objects: readonly string[]): Uint8Array {
  const body = objects.map((object, index) => `${index + 1} 0 obj\n${object}\nendobj\n`).join('');
  return latin1(`%PDF-1.4\n${body}trailer\n<< /Root 1 0 R /Size ${objects.length + 1} >>\nstartxref\n0\n%%EOF\n`);
}

function greyPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) rows.fill(120 + (y % 100), y * (width + 1) + 1, (y + 1) * (width + 1));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** Bytes from text, one byte per character. */
export const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

/** Why a PDF is rejected. Throws if it can be read. */
export async function rejection(bytes: Uint8Array, options?: ReadOptions) {
  try {
    await readPdf(bytes, options);
  } catch (error) {
    if (error instanceof FailureError) return { kind: error.failure.kind, ...parseFault(error.failure.reason) };
    throw error;
  }
  throw new Error('The PDF was read.');
}
