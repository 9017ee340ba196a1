import { describe, expect, it } from 'vitest';
import { contractAnalyst } from '../../agents/contract-analyst.ts';
import { noteSentences } from '../../pdf/page-flaws.ts';
import { readPdf } from '../../pdf/read-pdf.ts';
import { inMemoryArtifacts } from '#test/support/fakes/in-memory-artifacts.ts';
import { contract } from '../agent/support.ts';
import { appearance, onePage, words } from './one-page.ts';
import { rejection, stream } from './support.ts';

const CLAUSE = 'This Agreement is governed by the laws of the State of New York. It ends on 31 December.';

/** Draws shapes for codes 1 to 6 without saying which letters they are. */
const SHAPES = `<< /Type /Font /Subtype /Type3 /FontBBox [0 0 750 750] /FontMatrix [0.001 0 0 0.001 0 0]
/FirstChar 1 /LastChar 6 /Widths [600 600 600 600 600 600] /Resources << >>
/Encoding << /Type /Encoding /Differences [1 /sq1 /sq2 /sq3 /sq4 /sq5 /sq6] >>
/CharProcs << /sq1 7 0 R /sq2 7 0 R /sq3 7 0 R /sq4 7 0 R /sq5 7 0 R /sq6 7 0 R >> >>`;
const SHAPE = stream('600 0 0 0 500 700 d1 0 0 500 700 re f');
const withShapes = (drawn: string): Uint8Array =>
  onePage({ content: words(CLAUSE) + drawn, font: SHAPES, others: [SHAPE] });
const notesOf = async (pdf: Uint8Array): Promise<readonly string[]> => noteSentences((await readPdf(pdf)).notes);

describe('what may be missing from a page is said', () => {
  it.each([
    ['two letters', 'BT /F2 12 Tf 72 600 Td <0102> Tj ET'],
    ['one letter in a line', 'BT /F1 12 Tf 72 600 Td (The fee is ) Tj /F2 12 Tf <03> Tj /F1 12 Tf ( euros.) Tj ET'],
  ])('%s in a font that does not say which they are', async (_, drawn) => {
    expect(await notesOf(withShapes(drawn))).toEqual([
      'Some letters on page 1 are in fonts that do not say which letters they are. Check these pages.',
    ]);
  });

  it('but not a bullet before each line', async () => {
    const bullets = [600, 580, 560].map((y) => `BT /F2 12 Tf 72 ${y} Td <01> Tj ET ${words('Item', 'F1', y)}`);
    expect(await notesOf(withShapes(bullets.join('').replaceAll('72 5', '90 5')))).toEqual([]);
  });

  it('a part that the file lacks, which viewers leave out', async () => {
    const lacking = { content: `/Gone gs ${words(CLAUSE)}`, resources: '/ExtGState << /Gone 99 0 R >>' };
    expect((await readPdf(onePage(lacking))).pages[0]).toContain(CLAUSE);
    expect(await notesOf(onePage(lacking))).toEqual([expect.stringContaining('The file lacks parts that page 1')]);
  });

  it('a stamp that is a picture', async () => {
    const picture = `q 100 0 0 50 0 0 cm BI /W 2 /H 2 /BPC 8 /CS /G ID abcd EI Q`;
    const outlines = '0 0 m 9 9 l S '.repeat(60);
    for (const drawn of [picture, outlines]) {
      const pdf = onePage({
        content: words(CLAUSE),
        keys: '/Annots [7 0 R]',
        others: [
          '<< /Type /Annot /Rect [72 100 272 160] /F 4 /Subtype /Stamp /AP << /N 8 0 R >> >>',
          appearance(drawn),
        ],
      });
      expect(await notesOf(pdf)).toEqual(['A stamp or signature on page 1 is a picture. Its words were not read.']);
    }
  });

  it('to the reader of the analysis, as a warning', async () => {
    const bytes = withShapes('BT /F2 12 Tf 72 600 Td <0102> Tj ET');
    const artifacts = inMemoryArtifacts();
    await artifacts.put({ bucket: 'b', key: 'a.pdf' }, bytes, 'application/pdf');
    const input = { object: { bucket: 'b', key: 'a.pdf', size: bytes.length } };
    const { context } = await contractAnalyst.prepare(input, { artifacts, tenant: 'acme' }, { acceptScans: false });
    expect(contractAnalyst.judge(contract(), context)).toMatchObject({
      ok: true,
      warnings: [expect.stringContaining('Some letters on page 1')],
    });
    const made = contract({ clauses: [{ kind: 'term', quote: 'Nothing like it.', page: 1 }] });
    expect(contractAnalyst.judge(made, context)).toMatchObject({
      salvaged: { warnings: expect.arrayContaining([expect.stringContaining('Some letters on page 1')]) },
    });
  });
});

describe('what says its letters in another way is read', () => {
  const numbered = (names: string): Uint8Array =>
    onePage({
      content: words('AB BA', 'F2'),
      font: SHAPES.replace(/\/Differences \[.*?\]/, `/Differences [${names}]`)
        .replace(/\/CharProcs <<.*?>>/, '/CharProcs << /32 7 0 R /65 7 0 R /66 7 0 R /1 7 0 R >>')
        .replace('/LastChar 6', '/LastChar 66'),
      others: [SHAPE],
    });

  it('glyphs that are named by their letters’ codes', async () => {
    expect((await readPdf(numbered('32 /32 65 /65 /66'))).pages[0]).toContain('AB BA');
  });

  it('but not glyphs that are only counted', async () => {
    expect(await rejection(numbered('1 /1 32 /32 65 /65 /66'))).toMatchObject({ fault: 'no-text' });
  });
});

it('a dynamic form (XFA) is rejected: its page is only a placeholder', async () => {
  const xfa = stream('<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"></xdp:xdp>');
  const pdf = onePage({
    content: words('Please wait... If this message is not eventually replaced, your viewer cannot show this form.'),
    catalog: '/NeedsRendering true /AcroForm << /Fields [] /XFA 7 0 R >>',
    others: [xfa],
  });
  const { fault, sentence } = await rejection(pdf);
  expect(fault).toBe('dynamic-form');
  expect(sentence).toContain('Print it to a new PDF');
});

it('a PDF encrypted for a certificate is named as protected, not as damaged', async () => {
  const pdf = Buffer.from(onePage({ content: words(CLAUSE) })).toString('latin1');
  const locked = pdf.replace('/Root 1 0 R', '/Root 1 0 R /Encrypt << /Filter /Adobe.PubSec /V 4 >> /ID [<00> <00>]');
  const { fault, sentence } = await rejection(new Uint8Array(Buffer.from(locked, 'latin1')));
  expect(fault).toBe('password-protected');
  expect(sentence).toContain('certain recipients');
});
