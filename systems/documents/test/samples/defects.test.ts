import { describe, expect, test } from 'vitest';
import { hugeFile, manyPages } from '../../samples/oversize.ts';
import { DEFAULT_SAMPLE, generateSamples } from '../../samples/samples.ts';
import { DEFECTS } from '../../samples/truth.ts';
import type { Defect } from '../../samples/truth.ts';
import { MAX_BYTES } from '../../pdf/rejections.ts';
import { pagesOf } from './text.ts';

/** Four of each kind. */
const broken = await Array.fromAsync(generateSamples({ count: 24, broken: 24, seed: 17 }));

function of(kind: Defect): Uint8Array[] {
  const found = broken.filter(({ defect }) => defect === kind).map(({ bytes }) => bytes);
  expect(found).toHaveLength(4);
  return found;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

describe('a broken sample has its defect', () => {
  test('empty: no bytes', () => {
    for (const bytes of of('empty')) expect(bytes).toHaveLength(0);
  });

  test('not a PDF: text or a picture', () => {
    for (const bytes of of('not-a-pdf')) {
      expect(latin1(bytes)).not.toContain('%PDF');
      expect(bytes.length).toBeGreaterThan(100);
    }
  });

  test('truncated: begins as a PDF, but is incomplete', async () => {
    for (const bytes of of('truncated')) {
      expect(latin1(bytes).startsWith('%PDF-')).toBe(true);
      expect(latin1(bytes)).not.toContain('%%EOF');
      await expect(pagesOf(bytes)).rejects.toThrow(/Invalid|structure|PDF/);
    }
  });

  test('password-protected: does not open without the password', async () => {
    for (const bytes of of('password-protected')) {
      expect(latin1(bytes)).toContain('/Encrypt');
      await expect(pagesOf(bytes)).rejects.toThrow(/password/i);
    }
  });

  test('image only: pages without a letter of text', async () => {
    for (const bytes of of('image-only')) {
      const pages = await pagesOf(bytes);
      expect(pages.length).toBeGreaterThan(0);
      expect(pages.join('').trim()).toBe('');
      expect(latin1(bytes)).toContain('/Subtype /Image');
    }
  });

  test('partly readable: text on the first page, none on the others', async () => {
    for (const bytes of of('partly-readable')) {
      const [first = '', ...others] = await pagesOf(bytes);
      expect(first.length).toBeGreaterThan(300);
      expect(others.length).toBeGreaterThan(0);
      expect(others.join('').trim()).toBe('');
    }
  });
});

test('the default sample has 60 documents, 6 broken, one of each kind', async () => {
  const samples = await Array.fromAsync(generateSamples(DEFAULT_SAMPLE));
  expect(samples).toHaveLength(60);
  expect(samples.flatMap(({ defect }) => defect ?? []).sort()).toEqual([...DEFECTS].sort());
});

test('more pages than Claude accepts', async () => {
  expect(await pagesOf(await manyPages(601))).toHaveLength(601);
});

test('more bytes than Claude accepts, in a valid PDF', async () => {
  const limit = MAX_BYTES;
  const bytes = await hugeFile(limit + 1);
  expect(bytes.length).toBeGreaterThan(limit);
  expect(await pagesOf(bytes)).toEqual(['This agreement has its exhibits attached.']);
});
