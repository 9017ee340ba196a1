import { expect, it } from 'vitest';
import { readPdf } from '../../pdf/read-pdf.ts';
import { CLAUSE, makePdf } from './support.ts';

const LINES = 12_000;
const drawing = (page: PDFKit.PDFDocument): void => {
  for (let line = 0; line < LINES; line += 1)
    page
      .moveTo(line % 500, 10)
      .lineTo(500 - (line % 400), 800)
      .stroke();
  for (let line = 0; line < 60; line += 1) page.fontSize(6).text(CLAUSE, 40, 20 + line * 12, { lineBreak: false });
};

it('a document with many lines is read again and again by the same thread: its garbage does not count', async () => {
  const pdf = await makePdf(Array.from({ length: 8 }, () => drawing));
  for (let time = 0; time < 3; time += 1)
    await expect(readPdf(pdf, { limits: { memoryMb: 128 } })).resolves.toHaveProperty('pages.length', 8);
});
