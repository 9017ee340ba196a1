import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { numbersIn, standsIn } from '../../claims/quotes.ts';

const TEXT = 'Acme — the maker of “Rocket” skates — cut prices by 20 %\nfor all plans on 3 November 2026.';

test('a quote stands in a text whatever its typography', () => {
  expect(standsIn('Acme - the maker of "Rocket" skates', TEXT)).toBe(true);
  expect(standsIn('cut prices by 20 % for all   plans', TEXT)).toBe(true);
  expect(standsIn('cut pri\u00ADces by 20 % for all plans', TEXT)).toBe(true);
});

test.each([
  ['another figure', 'cut prices by 30 % for all plans'],
  ['another sign', 'cut prices by -20 % for all plans'],
  ['half a word', 'aker of “Rocket” skates — cut pri'],
  ['half a number', 'on 3 November 202'],
  ['other capitals', 'ACME — THE MAKER OF “ROCKET” SKATES'],
  ['an ellipsis', 'Acme … cut prices by 20 %'],
  ['too few letters', 'Acme'],
  ['nothing', ''],
])('no quote with %s stands in it', (_, quote) => {
  expect(standsIn(quote, TEXT)).toBe(false);
});

const word = fc.stringMatching(/^[a-z]{3,8}$/);

test('any run of words of a text stands in it, with any spaces between them', () => {
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 8, maxLength: 40 }),
      fc.nat(),
      fc.constantFrom(' ', '\n', '\t \u00A0', '\u200B '),
      (words, from, space) => {
        const start = from % (words.length - 6);
        expect(standsIn(words.slice(start, start + 6).join(space), words.join(' '))).toBe(true);
      },
    ),
  );
});

test('a quote with a word that the text does not have never stands in it', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 6, maxLength: 30 }), fc.nat(), (words, from) => {
      const quote = words.with(from % words.length, 'neverthere1').join(' ');
      expect(standsIn(quote, words.join(' '))).toBe(false);
    }),
  );
});

test('numbers are compared by value', () => {
  expect(numbersIn('$1,200.50 and 7%')).toEqual(new Set(['1200.5', '7']));
});
