import { describe, expect, it } from 'vitest';
import { indexQuotes } from '../../agents/quotes.ts';

const FIRST = `1. TERM. This Agreement begins on the Effective Date
and continues for two (2) years. The “Receiving Party” shall keep confi-
dential all ﬁnancial information — in particular prices`;
const SECOND = `Page 2\nand customer lists — for five years. Either party may terminate on thirty (30) days’ notice.`;

const quotes = indexQuotes([FIRST, SECOND, '']);

describe('a quote is found on its page', () => {
  it.each([
    ['across line breaks', 'begins on the Effective Date and continues for two (2) years'],
    ['with a hyphen at a line end removed', 'shall keep confidential all'],
    ['with ligatures spelled out', 'all financial information'],
    ['with straight quotation marks', 'The "Receiving Party" shall keep'],
    ['with a different kind of dash', 'financial information - in particular prices'],
    ['with different capitals', '1. Term. this agreement begins'],
  ])('%s', (_, quote) => expect(quotes.locate(quote, 1)).toEqual({ found: 'here' }));

  it('with a straight apostrophe', () =>
    expect(quotes.locate("thirty (30) days' notice", 2)).toEqual({ found: 'here' }));

  it('continuing on the next page, across its running head', () =>
    expect(quotes.locate('in particular prices and customer lists — for five years', 1)).toEqual({ found: 'here' }));
});

describe('a quote is not found', () => {
  it('on another page: returns that page', () =>
    expect(quotes.locate('Either party may terminate', 1)).toEqual({ found: 'elsewhere', page: 2 }));

  it.each([
    ['with a word changed', 'continues for three (2) years'],
    ['with a word left out', 'continues for (2) years'],
    ['with an ellipsis', 'This Agreement begins … two (2) years'],
    ['joined from two places', 'This Agreement begins on thirty (30) days’ notice'],
    ['with only spaces', ' \n '],
  ])('%s', (_, quote) => expect(quotes.locate(quote, 1)).toEqual({ found: 'nowhere' }));

  it('on a page the document does not have', () =>
    expect(quotes.locate('Either party may terminate', 9)).toEqual({ found: 'elsewhere', page: 2 }));
});
