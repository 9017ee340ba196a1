import { extractText, getDocumentProxy } from 'unpdf';
import { expect, test } from 'vitest';
import { loadFonts } from '../../brief/pdf/fonts/fonts.ts';
import { briefPdf } from '../../brief/pdf/pdf.ts';
import type { Brief } from '../../brief/schema.ts';
import { fullBrief } from './support.ts';

const fonts = await loadFonts();

/** The text of each page of a brief's PDF, and its bytes. */
async function printed(brief: Brief) {
  const bytes = await briefPdf(brief, fonts);
  const { text } = await extractText(await getDocumentProxy(bytes.slice()), { mergePages: false });
  return { bytes, pages: text.map((page) => page.replaceAll(/\s+/g, ' ')) };
}

/** A brief of three companies. @param name of the first one */
function named(name: string): Brief {
  const brief = fullBrief(3);
  return { ...brief, companies: brief.companies.map((row, at) => (at === 0 ? { ...row, name } : row)) };
}

test('one page has what changed, the threats, what to watch and what is missing, however full the night', async () => {
  const { bytes, pages } = await printed(fullBrief(500));
  const [first = '', second = '', ...others] = pages;
  for (const words of [
    '13 of 500 companies are missing: 7 not reached, 4 changed, but not read',
    'Top threats The Company 0 & Sons <Holdings>',
    'What changed The Company 0',
    'And 973 more in brief.html.',
    'What to watch The Company 0',
    'What is missing The Company 487',
    'And 9 more, in the list of companies.',
  ])
    expect(first).toContain(words);
  expect(second).toMatch(/^All companies Company Score Change Trend News State The Company 0 /);
  expect(others.at(-1)).toContain('The Company 499 & Sons <Holdings>');
  for (let at = 0; at < 500; at += 1) expect(pages.slice(1).join(' ')).toContain(`The Company ${at} & Sons`);
  // Small enough to mail.
  expect(bytes.length).toBeLessThan(300_000);
});

test('the same brief makes the same bytes', async () => {
  const [one, two] = [await printed(fullBrief(3)), await printed(fullBrief(3))];
  expect(Buffer.compare(one.bytes, two.bytes)).toBe(0);
});

test.each(['Žluťoučký kůň', 'Газпром нефть', 'Αθήνα ΑΕ', 'Հայաստան', 'საქართველო'])(
  'letters that the fonts have are letters: %s',
  async (name) => {
    const { pages } = await printed(named(name));
    expect(pages[1]).toContain(name);
  },
);

// Right to left: the words stand in their order, which is from the right.
test.each(['شركة الاتصالات السعودية', 'בנק הפועלים'])('%s needs no replacement', async (name) => {
  const lacking = (pages: readonly string[]) => /lack (\d+) of its characters/.exec(pages.join(' '))?.[1];
  expect(lacking((await printed(named(name))).pages)).toBe(lacking((await printed(named('Acme'))).pages));
});

test.each(['株式会社日立', '삼성전자', '🚀'])('%s is replaced, and the page says so', async (name) => {
  const brief = { ...named(name), companies: named(name).companies.slice(0, 1), moves: [] };
  const { pages } = await printed(brief);
  expect(pages[1]).toContain(`State ${'\u{fffd}'.repeat(Array.from(name).length)} 90.0`);
  expect(pages[0]).toMatch(
    /The fonts of this file lack \d+ of its characters, shown as \u{fffd}: brief\.html has them\./u,
  );
});

test('control characters and those that reorder text are left out, and half a character harms nothing', async () => {
  const { pages } = await printed(named('a\u202Eevil\u0000 name\ud800'));
  expect(pages[1]).toContain('aevil name\u{fffd}');
});
