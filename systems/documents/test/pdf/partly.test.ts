import { describe, expect, it } from 'vitest';
import { listPages } from '../../pdf/page-flaws.ts';
import { blank, CLAUSE, codedPdf, makePdf, rejection, scan, text } from './support.ts';

describe('rejects a PDF with some unreadable pages, and lists them', () => {
  it('scans among text', async () => {
    const { fault, sentence } = await rejection(await makePdf([text(CLAUSE), scan, text(CLAUSE), blank, scan, scan]));
    expect(fault).toBe('partly-unreadable');
    expect(sentence).toBe(
      'Some pages of the PDF cannot be read (pages 2 and 5–6: pictures without text; 6 pages in total). ' +
        'Run text recognition (OCR) on it and upload the result.',
    );
  });

  it('a scan under a page number or a stamp', async () => {
    const stamped = (page: PDFKit.PDFDocument): void => {
      scan(page);
      page.text('Envelope 4711', 20, 12, { lineBreak: false }).text('Page 2 of 2', 270, 815, { lineBreak: false });
    };
    const { sentence } = await rejection(await makePdf([text(CLAUSE), stamped], { margin: 0 }));
    expect(sentence).toContain('page 2: pictures without text');
  });

  it('text turned into outlines', async () => {
    const outlined = (page: PDFKit.PDFDocument): void => {
      for (let letter = 0; letter < 300; letter += 1)
        page
          .moveTo(60 + (letter % 50) * 9, 80 + Math.floor(letter / 50) * 14)
          .lineTo(66 + (letter % 50) * 9, 90)
          .fill();
    };
    const { sentence } = await rejection(await makePdf([text(CLAUSE), outlined]));
    expect(sentence).toContain('page 2: pictures without text');
  });

  it('letters that their font does not identify', async () => {
    const { sentence } = await rejection(codedPdf(['F2', 'F1']));
    expect(sentence).toContain('page 2: text in fonts that do not say which letters it has');
  });
});

it('a PDF without any identified letter has no text', async () => {
  const { fault, sentence } = await rejection(codedPdf(['F1', 'F1']));
  expect(fault).toBe('no-text');
  expect(sentence).toContain('The fonts of the PDF do not say which letters its text has.');
});

describe('page numbers for people', () => {
  it.each([
    [[2], '2'],
    [[1, 2], '1–2'],
    [[9, 1, 3, 4, 5], '1, 3–5 and 9'],
  ])('%j is %s', (pages, words) => expect(listPages(pages)).toBe(words));
});
