import { describe, expect, it } from 'vitest';
import { FailureError } from '#core/failures/failure.ts';
import { readPdf } from '../../pdf/read-pdf.ts';
import { CLAUSE, latin1, makePdf, rejection, text } from './support.ts';

const failureKindOf = (error: unknown): string => (error instanceof FailureError ? error.failure.kind : String(error));

describe('a damaged PDF is rejected, never read in part', () => {
  it('bytes of its text changed', async () => {
    const pdf = await makePdf([text(CLAUSE)]);
    const at = Buffer.from(pdf).indexOf('stream') + 30;
    expect(await rejection(pdf.with(at, (pdf[at] ?? 0) ^ 0xff))).toMatchObject({ fault: 'damaged' });
  });

  it('a header, an end and nothing in between', async () => {
    expect(await rejection(latin1('%PDF-1.7\nstartxref\n0\n%%EOF\n'))).toMatchObject({ fault: 'damaged' });
  });

  it('bytes of its text changed anywhere', async () => {
    const pdf = await makePdf([text(CLAUSE), text('Governed by the laws of Delaware.')]);
    const file = Buffer.from(pdf);
    const [start, end] = [file.indexOf('stream\n') + 7, file.indexOf('\nendstream')];
    for (let at = start; at < end; at += 7) {
      expect(await rejection(pdf.with(at, (pdf[at] ?? 0) ^ 0x55))).toMatchObject({ fault: 'damaged' });
    }
  });

  it('bytes of its structure changed: read or rejected for good, never an error or a hang', async () => {
    const pdf = await makePdf([text(CLAUSE), text('Governed by the laws of Delaware.')]);
    const outcomes = new Set<string>();
    for (let at = 0; at < pdf.length; at += 11) {
      const changed = pdf.with(at, (pdf[at] ?? 0) ^ 0x55);
      outcomes.add(await readPdf(changed).then(() => 'read', failureKindOf));
    }
    expect(outcomes).toEqual(new Set(['read', 'permanent']));
  });

  it('its font is missing', async () => {
    const pdf = Buffer.from(await makePdf([text(CLAUSE)]));
    const fontless = Buffer.from(pdf.toString('latin1').replace('/Font <<', '/Fond <<'), 'latin1');
    expect(await rejection(new Uint8Array(fontless))).toMatchObject({ fault: 'no-text' });
  });
});
