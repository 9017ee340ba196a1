import { describe, expect, it } from 'vitest';
import { readPdf } from '../../pdf/read-pdf.ts';
import { blank, CLAUSE, makePdf, scan, text } from './support.ts';

describe('a readable PDF', () => {
  it('returns the text of each page, in order', async () => {
    const { pages } = await readPdf(await makePdf([text('First page.'), text('Second page.')]));
    expect(pages).toEqual(['First page.', 'Second page.']);
  });

  it('counts the UTF-8 bytes of its text', async () => {
    const { textBytes } = await readPdf(await makePdf([text('Société £5')]));
    expect(textBytes).toBe(Buffer.byteLength('Société £5'));
  });

  it('may have blank pages, even with ruled lines', async () => {
    const ruled = (page: PDFKit.PDFDocument): unknown => page.moveTo(50, 50).lineTo(500, 50).stroke();
    const { pages } = await readPdf(await makePdf([text(CLAUSE), blank, (page) => void ruled(page)]));
    expect(pages).toEqual([expect.stringContaining('thirty'), '', '']);
  });

  it('may have pictures in addition to text', async () => {
    const both = (page: PDFKit.PDFDocument): void => {
      scan(page);
      page.text(CLAUSE, 72, 300);
    };
    await expect(readPdf(await makePdf([both]))).resolves.toMatchObject({ pages: [expect.stringContaining('notice')] });
  });

  it('may have a page with only a logo and a page number', async () => {
    const lastPage = (page: PDFKit.PDFDocument): void => {
      page.rect(250, 20, 90, 30).fill('navy');
      page.fillColor('black').text('2', 290, 810, { lineBreak: false });
    };
    await expect(readPdf(await makePdf([text(CLAUSE), lastPage], { margin: 0 }))).resolves.toBeDefined();
  });

  it.each(['1.3', '1.4', '1.6', '1.7ext3'] as const)(
    'may restrict its use (PDF %s): the model gets a copy without protection, always the same',
    async (pdfVersion) => {
      const restrictions = { pdfVersion, ownerPassword: 'secret', permissions: { copying: false } };
      const pdf = await makePdf([text(CLAUSE), text('Second page.')], restrictions);
      const { pages, bytes } = await readPdf(pdf);
      expect(pages).toEqual([expect.stringContaining('thirty'), 'Second page.']);
      expect(Buffer.from(bytes).includes('/Encrypt')).toBe(false);
      expect((await readPdf(bytes)).pages).toEqual(pages);
      expect((await readPdf(pdf)).bytes).toEqual(bytes);
    },
  );

  it('may have junk after its end', async () => {
    const pdf = await makePdf([text(CLAUSE)]);
    const junk = new Uint8Array(Buffer.concat([pdf, Buffer.from('\r\n<!-- served in 3 ms -->\r\n')]));
    await expect(readPdf(junk)).resolves.toBeDefined();
  });

  it('leaves the bytes of the caller unchanged', async () => {
    const pdf = await makePdf([text(CLAUSE)]);
    const before = pdf.slice();
    await readPdf(pdf);
    expect(pdf).toEqual(before);
  });
});
