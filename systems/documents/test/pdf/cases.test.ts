import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { indexQuotes } from '../../agents/quotes.ts';
import { readPdf } from '../../pdf/read-pdf.ts';
import { CLAUSE, makePdf, rejection, text } from './support.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`cases/${name}.pdf`, import.meta.url)));

describe('a file that every viewer shows is read whole', () => {
  it('text in a predefined CMap of a Japanese font', async () => {
    const { pages } = await readPdf(fixture('cjk-mixed'));
    for (const clause of [
      '秘密保持契約書',
      '第一条',
      '各当事者は相手方の情報を秘密として保持する。',
      '本契約は日本法に準拠する。',
    ])
      expect(pages[0]).toContain(clause);
  });

  it('the values of form fields, which a quote may contain', async () => {
    const { pages } = await readPdf(fixture('form-fields'));
    const quotes = indexQuotes(pages);
    for (const quote of [
      'This Agreement is made between Alder Works Inc. and Birch Supply GmbH',
      'shall be governed by the laws of the State of New York, without regard to conflicts of law',
    ])
      expect(quotes.locate(quote, 1)).toEqual({ found: 'here' });
  });

  it('data that end with the empty block of a flush', async () => {
    const { pages } = await readPdf(fixture('flate-sync-flush'));
    expect(pages[0]).toContain('governed by the laws of the State of New York.');
  });

  it.each(['attachment-plain', 'attachment-untyped'])('beside a file that is attached: %s', async (name) => {
    const { pages } = await readPdf(fixture(name));
    expect(pages).toEqual([expect.stringContaining('Agreement')]);
  });

  it('beside an attached file that is encrypted: its /Encrypt is not the document’s', async () => {
    const locked = await makePdf([text('Annex')], { userPassword: 'secret', compress: false });
    const attach = (page: PDFKit.PDFDocument): unknown => page.file(Buffer.from(locked), { name: 'annex.pdf' });
    const pdf = await makePdf([(page) => void attach(page.text(CLAUSE))], { compress: false });
    expect(Buffer.from(pdf).includes('/Encrypt')).toBe(true);
    expect(await readPdf(pdf)).toMatchObject({ pages: [expect.stringContaining('thirty days')], bytes: pdf });
  });
});

it('a portfolio is rejected: its cover is no contract', async () => {
  const { fault, sentence } = await rejection(fixture('portfolio'));
  expect(fault).toBe('portfolio');
  expect(sentence).toContain('save each attached file, and upload those');
});
