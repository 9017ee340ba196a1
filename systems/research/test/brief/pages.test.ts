import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { fileName } from '../../brief/file-name.ts';
import { briefFiles } from '../../brief/files.ts';
import { mailHtml } from '../../brief/html/mail.ts';
import type { Brief } from '../../brief/schema.ts';
import { mailText } from '../../brief/text.ts';
import { axisOf, blocksOf, trendWords } from '../../brief/trend.ts';
import { madeWords, subjectOf } from '../../brief/words.ts';
import { shiftDate } from '#core/parse/local-time.ts';
import { trendOf } from '../../memory/trend.ts';
import { fullBrief, row } from './support.ts';

test('two ids never have one file name, also where capitals and accents are not told apart', () => {
  const ids = [
    'acme.com',
    'Acme.com',
    'ACME.COM',
    'a/b',
    'a b',
    'a-b',
    'Ä',
    'a\u0308',
    'é',
    'name:日本',
    'name:中国',
    '',
  ];
  const windows = ['con', 'nul.com', 'com1'];
  const taken = fileName('Acme.com');
  const names = [...ids, ...windows, taken, 'x'.repeat(61), 'x'.repeat(62)].map(fileName);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) {
    expect(name).toMatch(/^[a-z0-9][a-z0-9.-]*$/);
    expect(name.length).toBeLessThanOrEqual(60);
    expect(name).not.toMatch(/^(con|nul|com1)(\.|$)/);
  }
  // The same every night: links to pages stay.
  expect([fileName('acme.com'), fileName('Acme.com')]).toEqual(['acme.com', 'acme-com-a11e7064e387']);
});

test('a trend has the last 30 nights, tonight last, and a chart shows the nights without a score', () => {
  const night = '2026-11-30';
  const old = Array.from({ length: 40 }, (_, at) => ({ night: shiftDate(night, at - 40), score: at }));
  const trend = trendOf([...old, { night, score: 99 }], night, 12);
  expect([trend.length, trend[0], trend.at(-1)]).toEqual([
    30,
    { night: '2026-11-01', score: 11 },
    { night, score: 12 },
  ]);
  const gap = trend.filter((each) => each.night !== '2026-11-03');
  const axis = axisOf({ night, companies: [{ ...row('a'), trend: gap }] });
  expect([axis.nights.length, axis.nights[0], axis.top]).toEqual([30, '2026-11-01', 39]);
  expect(blocksOf(gap, axis)).toBe('▃▃·▃▄▄▄▄▄▅▅▅▅▅▆▆▆▆▆▇▇▇▇▇█████▃');
  expect(trendWords(gap)).toBe('29 nights: from 11.0 to 12.0, lowest 11.0, highest 39.0');
});

test('the page for executives stays below 100 kB with 500 companies and the longest texts', () => {
  const html = mailHtml(fullBrief(500));
  expect(Buffer.byteLength(html)).toBeLessThan(100_000);
  // The lists of news, moves and contradictions are full. The 13 missing companies have room.
  expect(html.match(/more in the pages of the companies/g)).toHaveLength(3);
});

test('also when links and quotes take more room than ever', () => {
  const brief = fullBrief(50, '&'.repeat(400), '?'.padEnd(2_000, 'a'));
  const html = mailHtml(brief);
  expect(Buffer.byteLength(html)).toBeLessThan(100_000);
  expect(html).toContain('more in the pages of the companies');
});

test('the text has at most 72 columns, but for links and words that are longer', () => {
  const lines = mailText(fullBrief(40)).split('\n');
  const long = lines.filter((line) => stringWidth(line) > 72 && line.trim().includes(' '));
  expect(long).toEqual([]);
  expect(lines.length).toBeGreaterThan(100);
});

test('missing companies are in the subject and in the first lines', () => {
  const brief = fullBrief(500);
  expect(subjectOf(brief)).toBe(
    '[simulated] [late] Competitor brief 2026-11-30: 487 of 500 companies, 487 new, 487 changed',
  );
  const words =
    '13 of 500 companies are missing: 7 not reached, 4 changed, but not read, 2 without a known website. Nothing is said about them.';
  expect(mailText(brief).split('\n').slice(1, 4).join(' ')).toContain(words);
  expect(mailHtml(brief).indexOf(words)).toBeLessThan(1_500);
  const whole: Brief = {
    ...brief,
    late: false,
    simulated: false,
    simulatedWeb: false,
    totals: { ...brief.totals, failed: 0 },
  };
  expect(subjectOf(whole)).toBe('Competitor brief 2026-11-30: 487 new, 487 changed');
});

test('times are those of the readers', () => {
  expect(madeWords({ ...fullBrief(1), due: '2026-11-30T06:59:59.400Z', zone: 'Europe/Berlin' })).toBe(
    'Made on 2026-11-30 at 07:40, due at 08:00 (Europe/Berlin).',
  );
});

test('names link to pages that are there, and not in a mail', () => {
  const files = new Map(briefFiles(fullBrief(30)));
  for (const page of ['brief.html', 'companies.html', 'appendix.html']) {
    const links = [...(files.get(page) ?? '').matchAll(/href="(?!https?:)([^"]*)"/g)].map(([, href = '']) => href);
    expect(links.length).toBeGreaterThan(1);
    // The PDF is made apart.
    const missing = links.filter((link) => link !== 'brief.pdf' && !files.has(decodeURIComponent(link)));
    expect(missing).toEqual([]);
  }
  expect(mailHtml(fullBrief(30))).not.toMatch(/href="(?!https?:)/);
});
