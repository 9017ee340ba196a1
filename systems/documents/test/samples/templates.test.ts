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

  test('fills only placeholders that there are', () => {
    const known = new Set([...drawFacts(template, 1, dice(1)).values.keys()].map((key) => key.toLowerCase()));
    const texts = sections.flatMap(({ variants }) => variants.map(({ text }) => text ?? ''));
    const placeholders = texts.flatMap((text) => [...text.matchAll(/\{\{(.*?)\}\}/g)].map(([, key = '']) => key));
    expect(placeholders.filter((key) => !known.has(key.toLowerCase()))).toEqual([]);
  });

  test('has a wording for every section, whatever the dice say of date, term and cover', () => {
    const dates = settings['dates'] === 'stated' ? ['stated-date'] : DATES;
    const terms = settings['terms'] === 'fixed' ? ['fixed-term'] : TERMS;
    const covers = { always: ['cover'], sometimes: COVERS }[settings['cover'] ?? ''] ?? ['no-cover'];
    const worlds = dates.flatMap((date) => terms.flatMap((term) => covers.map((cover) => [date, term, cover])));
    const gaps = worlds.flatMap((world) =>
      sections
        .filter(({ variants }) => !variants.some(({ needs }) => needs.every((need) => world.includes(need))))
        .map(({ headings }) => `${headings[0]} in ${world.join(', ')}`),
    );
    expect(gaps).toEqual([]);
  });

  test('asks only for what can hold', () => {
    const flags = new Set([...DATES, ...TERMS, ...COVERS]);
    const needs = sections.flatMap(({ variants }) => variants.flatMap((variant) => variant.needs));
    expect(needs.filter((need) => !flags.has(need))).toEqual([]);
  });

  test('marks each automatic renewal as a risk', () => {
    const renewals = sections.flatMap(({ variants }) => variants.filter(({ kinds }) => kinds.includes('auto-renewal')));
    expect(renewals.filter(({ risks }) => !risks.includes('automatic-renewal'))).toEqual([]);
  });
});

test('Common Paper’s terms are word for word, but for the marks of their cover page links', () => {
  const general = readTemplate('mutual-nda').sections.find(({ headings }) => headings[0] === 'Term and Termination');
  expect(general?.variants[0]?.text).toMatch(
    /^This MNDA commences on the Effective Date and expires at the end of the MNDA Term\. Either party may terminate/,
  );
});

describe('a slip in a template is named', () => {
  const parse = (body: string): unknown => parseTemplate('lease', `---\ntitles: Lease\n---\n\n${body}`);

  test.each([
    ['## Rent\n\n[rent]\nText', 'Section "Rent": "rent" is none of confidentiality'],
    ['## Rent\n\n[payment; risk: dear]\nText', 'Section "Rent": "dear" is none of unlimited-liability'],
    ['## Rent\n\n[payment; wait: 2]\nText', 'Section "Rent": "wait" is none of risk, needs, weight, from'],
    ['## Rent\n\nText', 'Section "Rent" has no wording'],
    ['## Rent\n\n[from: common-clauses.md]', 'common-clauses.md has no section "Rent"'],
  ])('%j', (body, message) => {
    expect(() => parse(body)).toThrow(message);
  });

  test('settings left out', () => {
    expect(() => parseTemplate('lease', '## Rent')).toThrow('Begin with the settings');
  });
});
