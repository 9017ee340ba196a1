import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { onePage } from './one-page.ts';
import { MAX_BYTES } from '../../pdf/rejections.ts';
import { blank, CLAUSE, latin1, makePdf, rejection, scan, text } from './support.ts';

describe('a file that is not a PDF is rejected, and the reason says what it is', () => {
  const files: readonly (readonly [string, Uint8Array])[] = [
    ['a PNG image', latin1('\x89PNG\r\n\x1a\nrest')],
    ['a JPEG image', latin1('\xff\xd8\xff\xe0rest')],
    ['a Word document (.docx)', latin1('PK\x03\x04....[Content_Types].xml....word/document.xml')],
    ['a ZIP archive', latin1('PK\x03\x04....contract.pdf')],
    ['an old Office document (.doc, .xls or .msg)', latin1('\xd0\xcf\x11\xe0\xa1\xb1')],
    ['an HTML page', latin1('\n<!DOCTYPE html><html><body>Sign in</body></html>')],
    ['an RTF document', latin1('{\\rtf1\\ansi')],
    ['a gzip archive', new Uint8Array(gzipSync('x'))],
    ['an e-mail message', latin1('From: a@example.com\r\nSubject: contract')],
    ['plain text', new TextEncoder().encode('Vertrag über die Lieferung')],
    ['unknown data', new Uint8Array(5_000)],
  ];
  it.each(files)('%s', async (name, bytes) => {
    const { kind, fault, sentence } = await rejection(bytes);
    expect({ kind, fault }).toEqual({ kind: 'permanent', fault: 'not-a-pdf' });
    expect(sentence).toBe(`The file is ${name}, not a PDF. Save it as a PDF and upload that.`);
  });
});

describe('a PDF that cannot be read completely is rejected', () => {
  it('empty', async () => expect(await rejection(new Uint8Array())).toMatchObject({ fault: 'empty' }));

  it('over 24 MB, because base64 makes it larger than a request of 32 MB', async () => {
    const { fault, sentence } = await rejection(new Uint8Array(MAX_BYTES + 1));
    expect(fault).toBe('too-large');
    expect(sentence).toContain('at most 23.8 MB, because');
  });

  it.each([0.2, 0.5, 0.8, 0.95])('cut off at %f of its length', async (share) => {
    const pdf = await makePdf([text(CLAUSE), text(CLAUSE), text(CLAUSE)]);
    expect(await rejection(pdf.slice(0, Math.floor(pdf.length * share)))).toMatchObject({ fault: 'truncated' });
  });

  it('only its header', async () =>
    expect(await rejection(latin1('%PDF-1.7\n'))).toMatchObject({ fault: 'truncated' }));

  it('encrypted with a password', async () => {
    const { fault, sentence } = await rejection(await makePdf([text(CLAUSE)], { userPassword: 'secret' }));
    expect(fault).toBe('password-protected');
    expect(sentence).toContain('needs a password');
  });

  it('more than 600 pages', async () => {
    const { fault, sentence } = await rejection(await makePdf(Array.from({ length: 601 }, () => blank)));
    expect(fault).toBe('too-many-pages');
    expect(sentence).toContain('601 pages');
  });

  it('scanned', async () => {
    const { fault, sentence } = await rejection(await makePdf([scan, scan]));
    expect(fault).toBe('no-text');
    expect(sentence).toContain('OCR');
  });

  it('blank', async () => {
    expect(await rejection(await makePdf([blank, blank]))).toMatchObject({
      fault: 'no-text',
      sentence: expect.stringContaining('blank'),
    });
  });

  it('drawings without text', async () => {
    expect(await rejection(onePage({ content: '72 72 200 100 re S 72 300 m 300 300 l S' }))).toMatchObject({
      fault: 'no-text',
      sentence: expect.stringContaining('no text; it has drawings only'),
    });
  });
});
