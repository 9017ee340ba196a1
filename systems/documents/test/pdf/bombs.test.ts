import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readPdf } from '../../pdf/read-pdf.ts';
import { CLAUSE, handmade, makePdf, nestedForms, rejection, stream, text } from './support.ts';

const MB = 1_024 * 1_024;
const spaces = (megabytes: number): Buffer => deflateSync(Buffer.alloc(megabytes * MB, ' '));
const FONT = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';

/** One page whose content, or whose one form, has these keys and data. */
const onePage = (data: string, keys: string, kind: 'content' | 'form'): Uint8Array =>
  handmade([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${kind === 'content' ? 5 : 6} 0 R
/Resources << /Font << /F1 4 0 R >> /XObject << /F 5 0 R >> >> >>`,
    FONT,
    stream(data, kind === 'form' ? `/Type /XObject /Subtype /Form /BBox [0 0 9 9] ${keys}` : keys),
    stream('/F Do'),
  ]);

const fonts = (count: number): string => Array.from({ length: count }, (_, font) => `/F${font + 1} 4 0 R`).join(' ');
const readWords = async (pdf: Uint8Array): Promise<string> => (await readPdf(pdf)).pages.join('\n');

/** Runs of the same byte, as RunLengthDecode stores them: 128 bytes in two. */
const runs = (megabytes: number): string => '\x81 '.repeat((megabytes * MB) / 128) + '\x80';

describe('a small PDF that would cost too much is rejected, and the reason names the limit', () => {
  it.each([
    ['content of a page', 'content'],
    ['form', 'form'],
  ] as const)('a compression bomb as the %s', async (_, kind) => {
    const bomb = onePage(spaces(80).toString('latin1'), '/Filter /FlateDecode', kind);
    expect(bomb.length).toBeLessThan(200_000);
    const { fault, sentence } = await rejection(bomb);
    expect(fault).toBe('too-complex');
    expect(sentence).toContain('unpacks to more than 64 MB');
  });

  it.each([
    ['packed twice', deflateSync(spaces(2_000)).toString('latin1'), '/Filter [/FlateDecode /FlateDecode]'],
    [
      'packed by another method as well',
      deflateSync(runs(1_000)).toString('latin1'),
      '/Filter [/FlateDecode /RunLengthDecode]',
    ],
  ])('a compression bomb that is %s', async (_, data, keys) => {
    const { fault, sentence } = await rejection(onePage(data, keys, 'form'), { limits: { memoryMb: 256, seconds: 5 } });
    expect(fault).toBe('too-complex');
    expect(sentence).toMatch(/more than (256 MB of memory|64 MB|5 seconds)/);
  });

  it('more text than a contract can have', async () => {
    const pdf = await makePdf([text(CLAUSE), text(CLAUSE)]);
    const { fault, sentence } = await rejection(pdf, { limits: { characters: 100 } });
    expect(fault).toBe('too-complex');
    expect(sentence).toContain('more than 100 characters');
  });

  it('a form drawn a hundred million times', async () => {
    const { fault, sentence } = await rejection(nestedForms(8), { limits: { seconds: 0.5 } });
    expect(fault).toBe('too-complex');
    expect(sentence).toContain('more than 0.5 seconds');
  });

  it('shapes without end: they fill the memory, or the time', async () => {
    const shapes = deflateSync('0 0 m 9 9 l S\n'.repeat(4_000_000)).toString('latin1');
    const limits = { memoryMb: 200, seconds: 5 };
    const { fault, sentence } = await rejection(onePage(shapes, '/Filter /FlateDecode', 'content'), { limits });
    expect(fault).toBe('too-complex');
    expect(sentence).toMatch(/more than (5 seconds|200 MB of memory)/);
  });

  it('more time than the limit', async () => {
    expect(await rejection(await makePdf([text(CLAUSE)]), { limits: { seconds: 0 } })).toMatchObject({
      fault: 'too-complex',
    });
  });

  it('100,000 pages', async () => {
    const kids = Array.from({ length: 100_000 }, (_, page) => `${page + 3} 0 R`).join(' ');
    const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>';
    const { fault, sentence } = await rejection(
      handmade([
        '<< /Type /Catalog /Pages 2 0 R >>',
        `<< /Type /Pages /Kids [${kids}] /Count 100000 >>`,
        ...Array.from({ length: 100_000 }, () => page),
      ]),
    );
    expect(fault).toBe('too-many-pages');
    expect(sentence).toContain('100000 pages');
  });
});

describe('a PDF that is odd but small is read, or rejected for good', () => {
  const page = (keys: string): string => `<< /Type /Page /Parent 2 0 R ${keys} >>`;
  const withPage = (keys: string, ...others: string[]): Uint8Array =>
    handmade([
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      page(keys),
      FONT,
      stream('BT /F1 12 Tf 72 700 Td (Governed by the law of Delaware.) Tj ET'),
      ...others,
    ]);
  const CONTENT = '/Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >>';

  it.each([
    ['pages that are their own parents', '<< /Type /Pages /Kids [2 0 R] /Count 1 >>'],
    ['arrays nested 100,000 deep', `<< /Type /Pages /Kids ${'['.repeat(100_000)}${']'.repeat(100_000)} /Count 1 >>`],
  ])('%s', async (_, pages) => {
    const { kind } = await rejection(handmade(['<< /Type /Catalog /Pages 2 0 R >>', pages]), {
      limits: { seconds: 5 },
    });
    expect(kind).toBe('permanent');
  });

  it('a form that draws itself', async () => {
    const form = stream(
      '/F Do',
      '/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 6 0 R >> >>',
    );
    const pdf = withPage(
      '/MediaBox [0 0 595 842] /Contents 7 0 R /Resources << /XObject << /F 6 0 R >> >>',
      form,
      stream('/F Do'),
    );
    expect((await rejection(pdf, { limits: { seconds: 5 } })).kind).toBe('permanent');
  });

  it('a length that is its own reference', async () => {
    const loop = withPage(
      CONTENT.replace('5 0 R', '6 0 R') + '/MediaBox [0 0 595 842]',
      '<< /Length 6 0 R >>\nstream\nBT ET\nendstream',
    );
    expect((await rejection(loop, { limits: { seconds: 5 } })).kind).toBe('permanent');
  });

  it.each([
    ['a page as large as a country', `${CONTENT} /MediaBox [0 0 1e9 1e9] /UserUnit 75000`],
    ['10,000 fonts', `/MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << ${fonts(10_000)} >> >>`],
  ])('%s', async (_, keys) => {
    await expect(readWords(withPage(keys))).resolves.toContain('law of Delaware');
  });
});
