import { describe, expect, it } from 'vitest';
import { indexQuotes } from '../../agents/quotes.ts';
import { readPdf } from '../../pdf/read-pdf.ts';
import { appearance, mappedText, onePage, words, type Parts } from './one-page.ts';

const textOf = async (parts: Parts): Promise<string> => (await readPdf(onePage(parts))).pages.join('\n');
const CLAUSE = 'This Agreement is governed by the laws of the State of New York.';
const RECT = '/Rect [72 100 272 160] /F 4';

/** A page with a clause, and one annotation with this appearance. */
const marked = (annotation: string, drawn: string, catalog = ''): Parts => ({
  content: words(CLAUSE),
  keys: '/Annots [7 0 R]',
  others: [`<< /Type /Annot ${RECT} ${annotation} /AP << /N 8 0 R >> >>`, appearance(drawn)],
  catalog,
});
const TWO_LINES = 'BT /F1 10 Tf 4 40 Td (Digitally signed by Ann Alder) Tj 0 -12 Td (as of 1 March 2026) Tj ET';

describe('the words that annotations show are part of the page', () => {
  it('a stamp', async () => {
    const text = await textOf(
      marked('/Subtype /Stamp /Name /Draft', 'BT /F1 20 Tf 10 20 Td (VOID AND REPLACED) Tj ET'),
    );
    expect(text).toContain(CLAUSE);
    expect(text).toContain('VOID AND REPLACED');
  });

  it('the field of a digital signature, line by line', async () => {
    const form = '/AcroForm << /Fields [7 0 R] >>';
    const text = await textOf(marked('/Subtype /Widget /FT /Sig /T (Signature1)', TWO_LINES, form));
    expect(text).toContain('Digitally signed by Ann Alder\nas of 1 March 2026');
  });

  it('a watermark, and any other kind', async () => {
    const drawn = 'BT /F1 20 Tf 10 20 Td [(CON) -10 (FIDENTIAL) -400 (COPY)] TJ ET';
    expect(await textOf(marked('/Subtype /Watermark', drawn))).toContain('CONFIDENTIAL COPY');
  });

  it('what a field shows, and its value where that is something else', async () => {
    const form = '/AcroForm << /Fields [7 0 R] >>';
    const field = (value: string): Parts =>
      marked(
        `/Subtype /Widget /FT /Tx /T (Fee) /V (${value})`,
        '/Tx BMC BT /F1 10 Tf 4 40 Td (EUR 500) Tj ET EMC',
        form,
      );
    expect(await textOf(field('EUR 500'))).toMatch(/^(?!.*EUR 500.*EUR 500).*EUR 500/s);
    expect(await textOf(field('900'))).toContain('EUR 500 900');
  });

  it('all options of an open list', async () => {
    const list = '/Subtype /Widget /FT /Ch /T (Law) /Opt [(Delaware) (Texas) (Ohio)] /V (Texas)';
    const text = await textOf({
      content: words(CLAUSE),
      keys: '/Annots [7 0 R]',
      others: [`<< /Type /Annot ${RECT} ${list} >>`],
      catalog: '/AcroForm << /Fields [7 0 R] >>',
    });
    for (const option of ['Delaware', 'Texas', 'Ohio']) expect(text).toContain(option);
  });

  it('never a password, nor what is hidden', async () => {
    const form = '/AcroForm << /Fields [7 0 R] >>';
    const secret = marked('/Subtype /Widget /FT /Tx /Ff 8192 /T (P) /V (swordfish)', TWO_LINES, form);
    expect(await textOf(secret)).not.toMatch(/swordfish|Digitally/);
    const hidden = marked('/Subtype /Stamp', TWO_LINES);
    expect(
      await textOf({ ...hidden, others: (hidden.others ?? []).map((part) => part.replace('/F 4', '/F 2')) }),
    ).not.toContain('Digitally');
  });

  it('a page with nothing but a typed remark is no scan', async () => {
    const shapes = '0 0 m 9 9 l S '.repeat(60);
    const parts = marked(
      '/Subtype /FreeText /Contents (Payment is waived)',
      `${shapes}BT /F1 10 Tf 4 40 Td (Payment is waived) Tj ET`,
    );
    expect(await textOf({ ...parts, content: '' })).toContain('Payment is waived');
  });
});

describe('who signed, as far as the signature says', () => {
  const signed = (dictionary: string): Parts => ({
    ...marked('/Subtype /Widget /FT /Sig /T (S) /V 9 0 R', '', '/AcroForm << /Fields [7 0 R] /SigFlags 3 >>'),
    others: [
      `<< /Type /Annot ${RECT} /Subtype /Widget /FT /Sig /T (S) /V 8 0 R >>`,
      `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached ${dictionary} /ByteRange [0 1 2 3] /Contents <00ff> >>`,
    ],
  });

  it.each([
    ['a literal name', '/Name (Ann \\(A.\\) Alder) /M (D:20260301120000Z)', 'Signed by Ann (A.) Alder on 2026-03-01'],
    ['octal escapes', '/Name (Ren\\351 Roy)', 'Signed by René Roy'],
    ['UTF-16 in hexadecimal', '/Name <FEFF0041006E006E0020014100F3> /M (D:20251231)', 'Signed by Ann Łó on 2025-12-31'],
    ['no name', '/M (D:20260301)', 'Signed on 2026-03-01'],
  ])('%s', async (_, dictionary, line) => {
    expect((await textOf(signed(dictionary))).split('\n')).toContain(line);
  });

  it('neither name nor date: no line', async () => {
    expect(await textOf(signed(''))).not.toContain('Signed');
  });
});

describe('a quote is found, whatever the direction of its script', () => {
  const locate = async (parts: Parts, quote: string) =>
    indexQuotes((await readPdf(onePage(parts))).pages).locate(quote, 1);
  const reversed = (text: string): string => Array.from(text).toReversed().join('');

  it('Japanese, from top to bottom', async () => {
    const columns = ['本契約は日本法に準拠する。', '各当事者は情報を秘密とする。'];
    const hex = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString('hex');
    const parts: Parts = {
      content: columns
        .map((text, index) => `BT /F2 12 Tf 1 0 0 1 ${500 - 20 * index} 800 Tm <${hex(text)}> Tj ET `)
        .join(''),
      font: '<< /Type /Font /Subtype /Type0 /BaseFont /Mincho /Encoding /UniJIS-UTF16-V /DescendantFonts [7 0 R] >>',
      others: [
        `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Mincho /DW 1000 /FontDescriptor 8 0 R
/CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 6 >> >>`,
        '<< /Type /FontDescriptor /FontName /Mincho /Flags 4 /FontBBox [0 0 1000 1000] /Ascent 800 /Descent -200 >>',
      ],
    };
    for (const quote of [...columns, columns.join('')]) expect(await locate(parts, quote)).toEqual({ found: 'here' });
  });

  it('Hebrew, with a number, drawn from left to right as it looks', async () => {
    const quote = 'הסכם זה כפוף לדין ישראל משנת 2026 בלבד';
    const visual = reversed(quote).replace('6202', '2026');
    expect(await locate(mappedText(visual), quote)).toEqual({ found: 'here' });
  });

  it('Hebrew, word by word, with an English name', async () => {
    const drawn = [
      ['לדין', 72],
      ['New', 110],
      ['York', 140],
      ['כפוף', 180],
      ['זה', 220],
      ['הסכם', 250],
    ] as const;
    const { font, others } = mappedText(drawn.map(([word]) => word).join(''));
    let code = 0;
    const show = ([word, x]: (typeof drawn)[number]): string => {
      const isName = /^[A-Z]/.test(word);
      const codes = Array.from(word, () => (code += 1).toString(16).padStart(2, '0'));
      return `BT /F2 6 Tf ${x} 600 Td <${(isName ? codes : codes.toReversed()).join('')}> Tj ET `;
    };
    const parts = { content: drawn.map(show).join(''), font, others };
    expect(await locate(parts as Parts, 'הסכם זה כפוף New York לדין')).toEqual({ found: 'here' });
  });

  it('Arabic, in its joined forms', async () => {
    expect(await locate(mappedText(reversed('\uFEB3\uFEFC\uFEE1')), 'سلام')).toEqual({ found: 'here' });
  });
});
