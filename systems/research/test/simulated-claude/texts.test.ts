import { expect, test } from 'vitest';
import { allTexts, claimsOf, textsOf } from './texts.ts';

const texts = allTexts().map((text) => ({ ...text, claims: claimsOf(text) }));
const share = (part: number, whole: number): number => part / whole;

test('what the simulated Claude claims is what a text says', () => {
  const claims = texts.flatMap(({ kind, title, claims }) =>
    claims.map((claim) => ({ claimed: claim.kind, kind, title })),
  );
  const wrong = claims.filter(({ claimed, kind }) => claimed !== kind);
  expect(share(wrong.length, claims.length), `wrong: ${JSON.stringify(wrong, null, 1)}`).toBeLessThanOrEqual(0.03);
});

test('it claims most of what texts say, once each', () => {
  const telling = texts.filter(({ kind }) => kind !== 'none');
  const missed = telling.filter(({ kind, claims }) => claims.length !== 1 || claims[0]?.kind !== kind);
  const titles = missed.map(({ kind, title }) => `${kind}: ${title}`).join('\n');
  expect(share(missed.length, telling.length), `missed: ${titles}`).toBeLessThanOrEqual(0.05);
  expect(telling.length).toBeGreaterThan(230);
});

test.each(textsOf('denials.txt'))('a denial tells no event: $title', (text) => {
  expect(claimsOf(text)).toEqual([]);
});

test.each(textsOf('money.txt').filter(({ body }) => /lenders|Contrary/.test(body)))('$title: $kind', (text) => {
  expect(claimsOf(text).map(({ kind }) => kind)).toEqual([text.kind]);
});

test('a text that is made to take long does not', () => {
  const before = process.cpuUsage();
  for (const word of ['1-1-', '1 ', '$1 ', 'one ', 'Aa ', 'takes a 1% ', 'was $1 from ', 'hire 1 a '])
    claimsOf({ kind: 'none', page: 'news', title: '', body: `${word.repeat(700).slice(0, 690)}.\n`.repeat(3) });
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(3);
});
