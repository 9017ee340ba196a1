import { expect, it } from 'vitest';
import { dollars } from '#cli/terminal/format.ts';

it.each([
  [12.345, '$12.35'],
  [0.00123, '$0.0012'],
  [0, '$0.00'],
  [-0.0065, '-$0.0065'],
  [-2, '-$2.00'],
])('%d dollars are %s', (usd, words) => expect(dollars(usd)).toBe(words));
