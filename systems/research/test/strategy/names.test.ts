import { expect, test } from 'vitest';
import { mentions } from '../../strategy/names.ts';

test.each([
  ['Rollins hires from Paychex.', 'Paychex, Inc.', true],
  ["Paychex's plan costs more.", 'Paychex, Inc.', true],
  ['THE HOME DEPOT opens a store.', 'The Home Depot, Inc.', true],
  ['Burgers like those of McDonald’s.', "McDonald's Corporation", true],
  ['It buys a stake in AT&T.', 'AT&T Inc.', true],
  ['It leaves eBay.', 'eBay Inc.', true],
  ['Our site in Denver has room for 100 new colleagues.', 'Paychex, Inc.', false],
  ['It closes the gap to others.', 'Gap Inc.', false],
  ['It sells Paychexes.', 'Paychex, Inc.', false],
  ['The home of a depot.', 'The Home Depot, Inc.', false],
  ['Anything at all.', 'Inc.', false],
])('"%s" names %s: %s', (text, name, expected) => {
  expect(mentions(text, name)).toBe(expected);
});
