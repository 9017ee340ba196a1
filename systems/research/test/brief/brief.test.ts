import { z } from 'zod';
import { expect, test } from 'vitest';
import { briefOf } from '../../brief/brief.ts';
import { diffBriefs } from '../../brief/diff.ts';
import { fileName } from '../../brief/file-name.ts';
import { briefFiles } from '../../brief/files.ts';
import { mailHtml } from '../../brief/html/mail.ts';
import { briefSchema, type Brief } from '../../brief/schema.ts';
import { mailText } from '../../brief/text.ts';
import { subjectOf } from '../../brief/words.ts';
import { printDiff } from '../../cli/print-diff.ts';
import type { NightRow } from '../../memory/memory.ts';
import { DEFAULT_RUBRIC } from '../../score/rubric.ts';
import type { Move } from '../../strategy/move.ts';
import { company, OfflineNights, page } from '../night/offline.ts';
import { fullBrief, row } from './support.ts';

const LAUNCH = 'Acme launched the Rocket 3 <script>alert(1)</script>, a drill for "everybody" & more.';
const facts = {
  rubric: DEFAULT_RUBRIC,
  briefAt: Date.parse('2026-11-11T06:40:00Z'),
  due: Date.parse('2026-11-11T07:00:00Z'),
  simulated: true,
  simulatedWeb: true,
};

async function nightOf(companies: number) {
  const offline = new OfflineNights();
  const names = Array.from({ length: companies }, (_, at) => `Company ${at}`);
  const text = (name: string) =>
    `${name} launched the Rocket 3 <script>alert(1)</script>, a drill for everybody & more.`;
  offline.web = {
    ...Object.fromEntries(
      names.map((name) => [
        name,
        {
          documents: [page('s1', text(name), { url: `http://${name.replace(' ', '-')}.test/?a=1&b="x"` })],
          failures: [],
        },
      ]),
    ),
    Acme: { documents: [page('s1', LAUNCH)], failures: [{ url: 'http://acme.test/<b>', reason: 'It is too large.' }] },
  };
  return offline.run([...names, 'Acme', 'Gone'].map((name) => company(name)));
}

test('a brief has every company, and says what was not reached', async () => {
  const brief = briefOf(await nightOf(2), { ...facts, holds: () => true });
  expect(brief).toMatchObject({
    late: false,
    totals: { companies: 4, succeeded: 3, failed: 1, claims: 3, new: 3, changed: 0, citationsThatFail: 0 },
  });
  const files = Object.fromEntries(briefFiles(brief));
  for (const file of ['brief.html', 'brief.txt']) expect(files[file]).toMatch(/Gone[^]*not reached: dead/);
  expect(briefSchema.parse(JSON.parse(files['brief.json'] ?? ''))).toEqual(brief);
  expect(Object.keys(files)).toHaveLength(5 + 4);
});

test('no page has code, pictures, styles from elsewhere or unescaped text', async () => {
  const brief = briefOf(await nightOf(2), { ...facts, holds: () => true });
  for (const [name, html] of briefFiles(brief)) {
    if (!name.endsWith('.html')) continue;
    expect(html).not.toMatch(/<script|<img|<link|<style|@import|url\(|<b>x|acme\.test\/<b>/i);
    for (const [, href] of html.matchAll(/href="([^"]*)"/g))
      expect(href).toMatch(/^https?:\/\/|^(\.\.\/)?(companies\/)?[\w.-]+\.(html|pdf)$/);
  }
});

test('a claim whose quote is not in its source is left out and counted', async () => {
  const brief = briefOf(await nightOf(1), { ...facts, holds: ({ quote }) => !quote.startsWith('Acme') });
  expect(brief.totals).toMatchObject({ claims: 1, citationsThatFail: 1 });
});

test('a move is shown with the quote and the link that name the other company, and left out and counted without', async () => {
  const night = await nightOf(1);
  const rows = night.rows.map((row) =>
    row.id === 'Acme'
      ? { ...row, fresh: row.fresh.map((claim) => ({ ...claim, quote: `${claim.quote} It replaces Company 0.` })) }
      : row,
  );
  const [acme] = rows.flatMap(({ id, fresh }) => (id === 'Acme' ? fresh : []));
  const [other] = rows.flatMap(({ id, fresh }) => (id === 'Company 0' ? fresh : []));
  if (acme === undefined || other === undefined) throw new Error('no claims');
  const common = { kind: 'other', magnitude: 3, why: 'It says so.' } as const;
  const shown: Move = { ...common, by: 'Acme', against: 'Company 0', evidence: [acme.id] };
  const unshown: Move = { ...common, by: 'Company 0', against: 'Acme', evidence: [other.id] };
  const brief = briefOf({ ...night, rows, moves: [shown, unshown] }, { ...facts, holds: () => true });
  expect(brief.moves).toEqual([shown]);
  expect(brief.totals).toMatchObject({ moves: 1, citationsThatFail: 1 });
  const files = new Map(briefFiles(brief));
  const [url = ''] = acme.sources.map((source) => source.url);
  expect(files.get('brief.html')?.split('who moves against whom')[1]).toMatch(/It replaces Company 0\.[^]*href="http/);
  expect(files.get('brief.txt')?.split('WHAT TO WATCH')[1]).toContain(url);
  for (const id of ['Acme', 'Company 0'])
    expect(files.get(`companies/${fileName(id)}.html`)?.split('Who moves against whom')[1]).toContain(
      'It replaces Company 0.',
    );
});

test('the page of a company without news shows the quotes and links that its score rests on', async () => {
  const offline = new OfflineNights();
  offline.web = { Acme: { documents: [page('s1', LAUNCH)] } };
  await offline.run([company('Acme')], '2026-11-10');
  const brief = await offline.brief([company('Acme')], '2026-11-11');
  expect(brief.companies[0]).toMatchObject({ state: 'unchanged', fresh: [] });
  const html = new Map(briefFiles(brief)).get(`companies/${fileName('Acme')}.html`);
  expect(html?.split('Score')[1] ?? html).toContain('Acme launched the Rocket 3');
  expect(html).toContain('href="http://site.test/s1"');
});

test('two briefs are compared', async () => {
  const [before, after] = [await nightOf(1), await nightOf(2)].map((night) =>
    briefOf(night, { ...facts, holds: () => true }),
  );
  if (before === undefined || after === undefined) throw new Error('no briefs');
  const diff = diffBriefs(
    { ...before, companies: before.companies.map((row) => ({ ...row, threat: { ...row.threat, score: 0 } })) },
    after,
  );
  expect(diff.claims.map(({ name }) => name)).toEqual(['Company 1']);
  expect(diff.scores.map(({ name }) => name).toSorted()).toEqual(['Acme', 'Company 0']);
  expect([diff.compared, diff.added.map(({ name }) => name), diff.removed]).toEqual([3, ['Company 1'], []]);
});

test('a comparison tells the news first, and counts what only grew older', async () => {
  const offline = new OfflineNights();
  const launch = (name: string) => [
    page('s1', `${name} launched the Rocket 3, a drill for everybody.`, { url: `http://${name}.test/` }),
  ];
  const web = Object.fromEntries(['Acme', 'Borg', 'Core'].map((name) => [name, { documents: launch(name) }]));
  const companies = ['Acme', 'Borg', 'Core'].map((name) => company(name));
  offline.web = web;
  const before = await offline.brief(companies, '2026-11-10');
  const cut = page('s2', 'Core cuts the price of its Hammer plan from $49 to $39 a month.', {
    url: 'http://core.test/2',
  });
  offline.web = { ...web, Core: { documents: [...launch('Core'), cut] } };
  const after = await offline.brief(companies, '2026-11-11');
  const lines: string[] = [];
  const none = (): void => undefined;
  printDiff({ line: (text = '') => void lines.push(text), progress: none, json: none }, diffBriefs(before, after));
  expect(lines.slice(0, 2)).toEqual([
    'From 2026-11-10 to 2026-11-11',
    expect.stringMatching(/^ {2}\+ Core, price cut: /),
  ]);
  expect(lines.filter((line) => /Acme|Borg/.test(line))).toEqual([]);
  expect(lines).toContainEqual(
    expect.stringMatching(/^ {2}2 scores fell without news, as claims grow older: by \d+\.\d at most\.$/),
  );
  expect(lines).toContain('  2 companies had pages that changed the night before, and now have none.');
});

test('companies of one brief alone are named, and briefs without a common one are not called unchanged', async () => {
  const brief = briefOf(await nightOf(1), { ...facts, holds: () => true });
  const others = brief.companies.map((row) => ({ ...row, id: `${row.id}-2`, name: `Other\n${row.name}` }));
  const said = (before: Brief, after: Brief): string => {
    const lines: string[] = [];
    const none = (): void => undefined;
    printDiff({ line: (text = '') => void lines.push(text), progress: none, json: none }, diffBriefs(before, after));
    return lines.join('\n');
  };
  const apart = said(brief, { ...brief, companies: others });
  expect(apart).toContain('No company is in both briefs.');
  expect(apart).not.toContain('No score changed.');
  for (const { name } of brief.companies) {
    expect(apart).toMatch(new RegExp(`3 companies added: .*Other ${name}`));
    expect(apart).toMatch(new RegExp(`3 companies removed: .*${name}`));
  }
  expect(said(brief, brief)).toBe(`From ${brief.night} to ${brief.night}\n  No score changed.`);
});

test('no words of a page or a model become a link, and invented news are marked', async () => {
  const night = await nightOf(1);
  const bad = (text: string): string => `${text} See https://evil.example/pay?a=1 or www.evil.example.`;
  const rows = night.rows.map((row) => ({
    ...row,
    fresh: row.fresh.map((claim) => ({ ...claim, quote: bad(claim.quote) })),
  }));
  const naming = rows.find(({ id }) => id === 'Acme')?.fresh[0];
  if (naming === undefined) throw new Error('no claim');
  Object.assign(naming, { quote: `${naming.quote} It is made for customers of Company 0.` });
  const moves: Move[] = [
    { by: 'Acme', against: 'Company 0', kind: 'other', magnitude: 3, evidence: [naming.id], why: bad('It did.') },
  ];
  const brief = briefOf({ ...night, rows, moves }, { ...facts, holds: () => true });
  const files = new Map([...briefFiles(brief)].filter(([name]) => name !== 'brief.json'));
  for (const content of files.values()) expect(content).not.toContain('evil.example');
  for (const name of ['brief.html', 'brief.txt']) {
    expect(files.get(name)).toContain('[link left out]');
    expect(files.get(name)?.replaceAll(/\s+/g, ' ')).toContain('what they say about these companies is invented');
  }
});

/** A brief of rows without news. */
function quietBrief(rows: readonly NightRow[], problem: Brief['problem'] = null): Brief {
  const night = { night: '2026-11-10', rows, moves: [], uncheckedPairs: 0, usd: 0 };
  return briefOf(night, { ...facts, simulated: false, simulatedWeb: false, problem, holds: () => true });
}

const ENDED = { error: 'Run.NotBegun', cause: 'The table was down.' };
const DEAD = row('Dead', { state: 'not-reached', reason: 'The host is down.' });
const FOUND = 'Nothing new was found.';
const REACHED = 'Every company was reached.';

test.each([
  ['all was read', quietBrief([row('Acme')]), 'nothing new', [FOUND, REACHED]],
  ['the run ended before its map', quietBrief([], ENDED), 'not researched', ['before any company was read.']],
  ['nothing was reached', quietBrief([DEAD]), 'not researched', ['No company was researched']],
  ['half was reached', quietBrief([row('Acme'), DEAD]), '1 of 2 companies, nothing new', [FOUND]],
  ['it ended early, all read', quietBrief([row('Acme')], ENDED), 'ended early', ['but the run ended early.']],
  ['it ended early, half read', quietBrief([row('Acme'), DEAD], ENDED), '1 of 2 companies, ended early', []],
  ['the list is empty', quietBrief([]), 'not researched', ['The list has no companies.']],
] as const)('only what was read is called reached and without news: %s', (_, brief, outcome, said) => {
  expect(subjectOf(brief)).toBe(`Competitor brief 2026-11-10: ${outcome}`);
  for (const page of [mailText(brief).replaceAll(/\s+/g, ' '), mailHtml(brief)]) {
    for (const words of said) expect(page).toContain(words);
    for (const words of [FOUND, REACHED].filter((each) => !said.some((known) => known === each)))
      expect(page).not.toContain(words);
    expect(page.includes('No source contradicts another one.')).toBe(brief.totals.succeeded > 0);
  }
});

test('the subject of a run that ended early has the news that it found', () => {
  const brief = { ...fullBrief(40), problem: ENDED };
  expect(subjectOf(brief)).toMatch(/: 39 of 40 companies, 39 new, 39 changed, ended early$/);
});

test('brief.schema.json is what the schema says', async () => {
  const { default: stored } = await import('../../brief/brief.schema.json', { with: { type: 'json' } });
  expect(stored).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(briefSchema))));
});
