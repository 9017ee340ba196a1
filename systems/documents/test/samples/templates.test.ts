import { describe, expect, test } from 'vitest';
import { dice } from '#core/chance/dice.ts';
import { drawFacts } from '../../samples/facts.ts';
import { TEMPLATES } from '../../samples/samples.ts';
import { parseTemplate, readTemplate } from '../../samples/template.ts';

const DATES = ['stated-date', 'signature-date', 'no-date'];
const TERMS = ['fixed-term', 'open-term'];
const COVERS = ['cover', 'no-cover'];

describe.each(TEMPLATES)('%s', (name) => {
  const template = readTemplate(name);
  const { settings, sections } = template;

  test('uses only existing placeholders', () => {
    const known = new Set([...drawFacts(template, 1, dice(1)).values.keys()].map((key) => key.toLowerCase()));
    const texts = sections.flatMap(({ variants }) => variants.map(({ text }) => text ?? ''));
    const placeholders = texts.flatMap((text) => [...text.matchAll(/\{\{(.*?)\}\}/g)].map(([, key = '']) => key));
    expect(placeholders.filter((key) => !known.has(key.toLowerCase()))).toEqual([]);
  });

  test('has a wording for every section, for every combination of date, term and cover', () => {
    const dates = settings['dates'] === 'stated' ? ['stated-date'] : DATES;
    const terms = settings['terms'] === 'fixed' ? ['fixed-term'] : TERMS;
    const covers = { always: ['cover'], sometimes: COVERS }[settings['cover'] ?? ''] ?? ['no-cover'];
    const combinations = dates.flatMap((date) => terms.flatMap((term) => covers.map((cover) => [date, term, cover])));
    const gaps = combinations.flatMap((combination) =>
      sections
        .filter(({ variants }) => !variants.some(({ needs }) => needs.every((need) => combination.includes(need))))
        .map(({ headings }) => `${headings[0]} in ${combination.join(', ')}`),
    );
    expect(gaps).toEqual([]);
  });

  test('needs only existing conditions', () => {
    const flags = new Set([...DATES, ...TERMS, ...COVERS]);
    const needs = sections.flatMap(({ variants }) => variants.flatMap((variant) => variant.needs));
    expect(needs.filter((need) => !flags.has(need))).toEqual([]);
  });

  test('marks each automatic renewal as a risk', () => {
    const renewals = sections.flatMap(({ variants }) => variants.filter(({ kinds }) => kinds.includes('auto-renewal')));
    expect(renewals.filter(({ risks }) => !risks.includes('automatic-renewal'))).toEqual([]);
  });
});

test('Common Paper’s terms are verbatim, except for the markup of their cover page links', () => {
  const general = readTemplate('mutual-nda').sections.find(({ headings }) => headings[0] === 'Term and Termination');
  expect(general?.variants[0]?.text).toMatch(
    /^This MNDA commences on the Effective Date and expires at the end of the MNDA Term\. Either party may terminate/,
  );
});

describe('the error for a mistake in a template names it', () => {
  const parse = (body: string): unknown => parseTemplate('lease', `---\ntitles: Lease\n---\n\n${body}`);

  test.each([
    ['## Rent\n\n[rent]\nText', 'Section "Rent": "rent" must be one of confidentiality'],
    ['## Rent\n\n[payment; risk: dear]\nText', 'Section "Rent": "dear" must be one of unlimited-liability'],
    ['## Rent\n\n[payment; wait: 2]\nText', 'Section "Rent": "wait" must be one of risk, needs, weight, from'],
    ['## Rent\n\nText', 'Section "Rent" has no wording'],
    ['## Rent\n\n[from: common-clauses.md]', 'common-clauses.md has no section "Rent"'],
  ])('%j', (body, message) => {
    expect(() => parse(body)).toThrow(message);
  });

  test('missing settings', () => {
    expect(() => parseTemplate('lease', '## Rent')).toThrow('must begin with settings');
  });
});
