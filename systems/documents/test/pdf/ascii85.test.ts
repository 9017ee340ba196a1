import { expect, it } from 'vitest';
import { readPdf } from '../../pdf/read-pdf.ts';
import { ascii85Pdf, rejection } from './support.ts';

/** Deflated and encoded: `BT /F1 12 Tf 72 700 Td (Governed by the law of Delaware.) Tj ET`. */
const CONTENT = "GhR3G;:'MC<%p.,#Y@rK2c;=g0Mi$H;:':.02!n>92/8SW`1Cg86*`&/6Bng;fG;31(oLCoe[CMZ4pP2!$#ni49~>";

it('a page written in ASCII85 is read', async () => {
  const { pages } = await readPdf(ascii85Pdf(CONTENT));
  expect(pages).toEqual(['Governed by the law of Delaware.']);
});

it.each([8, 20, 40, 60])('a page is rejected if its letter %i was changed', async (at) => {
  const changed = `${CONTENT.slice(0, at)}${CONTENT[at] === 'A' ? 'B' : 'A'}${CONTENT.slice(at + 1)}`;
  expect(await rejection(ascii85Pdf(changed))).toMatchObject({ fault: 'damaged' });
});
