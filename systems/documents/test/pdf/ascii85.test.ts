import { expect, it } from 'vitest';
import { decodeAscii85 } from '../../pdf/ascii85.ts';
import { readPdf } from '../../pdf/read-pdf.ts';
import { ascii85Pdf, latin1, rejection } from './support.ts';

/** Deflated and encoded: `BT /F1 12 Tf 72 700 Td (Governed by the law of Delaware.) Tj ET`. */
const CONTENT = "GhR3G;:'MC<%p.,#Y@rK2c;=g0Mi$H;:':.02!n>92/8SW`1Cg86*`&/6Bng;fG;31(oLCoe[CMZ4pP2!$#ni49~>";

const decode = (text: string): string | null => {
  const bytes = decodeAscii85(latin1(text));
  return bytes && Buffer.from(bytes).toString('latin1');
};

it.each([
  ['whole groups', '9jqo^~>', 'Man '],
  ['a short last group', '9jqo^BlbD~>', 'Man is d'.slice(0, 7)],
  ['zeros in short, and spaces', 'z\n9jq o^~>', '\0\0\0\0Man '],
  ['nothing', '~>', ''],
])('ASCII85 of %s is decoded', (_, text, decoded) => expect(decode(text)).toBe(decoded));

it.each(['9jqo^', '9jq\x7fo^~>', '9jqo^v~>', 'uuuuu~>', '9~>'])('text that is not ASCII85 is rejected: %j', (text) => {
  expect(decode(text)).toBeNull();
});

it('a page written in ASCII85 is read', async () => {
  const { pages } = await readPdf(ascii85Pdf(CONTENT));
  expect(pages).toEqual(['Governed by the law of Delaware.']);
});

it.each([8, 20, 40, 60])('a page is rejected if its letter %i was changed', async (at) => {
  const changed = `${CONTENT.slice(0, at)}${CONTENT[at] === 'A' ? 'B' : 'A'}${CONTENT.slice(at + 1)}`;
  expect(await rejection(ascii85Pdf(changed))).toMatchObject({ fault: 'damaged' });
});
