import { describe, expect, it, test } from 'vitest';
import { parseRecord } from '#core/streams/parse.ts';
import { marketRouter } from '../../../router/apply.ts';
import { filingEvent } from '../../../sources/edgar/event.ts';
import { readCurrentFilings } from '../../../sources/edgar/feed.ts';
import { feedPage, filingNumber, type Entry } from './feed-page.ts';

const bankrupt: Entry = {
  form: '8-K/A',
  company: 'A &amp; B (HOLDINGS) INC /DE/',
  cik: '0001234567',
  accession: '0001234567-26-000202',
  updated: '2026-11-19T16:11:22-05:00',
  items: ['1.03: Bankruptcy or Receivership', '9.01: Financial Statements and Exhibits'],
};
const page = (...entries: readonly (Entry | string)[]) => readCurrentFilings(feedPage(entries));

describe('the feed of current filings', () => {
  it('becomes events that the router reads, with the items of an 8-K', () => {
    const [filing] = page(bankrupt)?.filings ?? [];
    expect(filing).toMatchObject({ company: 'A & B (HOLDINGS) INC /DE/', form: '8-K/A', role: 'Filer' });
    const event = filing && filingEvent(filing);
    const bytes = Buffer.from(JSON.stringify(event));
    const arrivedAt = Date.parse('2026-11-19T21:12:00Z');
    const record = { stream: 's', partition: '0', position: '1', key: '', bytes, arrivedAt };
    expect(parseRecord(marketRouter, record, arrivedAt)).toMatchObject({
      event: {
        source: 'sec.gov/edgar',
        id: '0001234567-26-000202',
        subject: 'cik:0001234567',
        time: Date.parse('2026-11-19T21:11:22Z'),
        data: {
          form: '8-K/A',
          items: ['1.03', '9.01'],
          text: '8-K/A of A & B (HOLDINGS) INC /DE/\nItem 1.03: Bankruptcy or Receivership\nItem 9.01: Financial Statements and Exhibits',
          url: 'https://www.sec.gov/Archives/edgar/data/1234567/000123456726000202/0001234567-26-000202-index.htm',
        },
      },
    });
  });

  test.each([
    ['Filer', true],
    ['Issuer', true],
    ['Subject', true],
    ['Reporting', false],
    ['Filed by', false],
  ])('an entry of the role %s is an event: %s', (role, expected) => {
    const [filing] = page({ ...bankrupt, form: '4', role })?.filings ?? [];
    expect(filing).toBeDefined();
    expect(filing && filingEvent(filing) !== null).toBe(expected);
  });

  it('counts an entry that it cannot read, and reads the others', () => {
    const read = page('<entry><title>no number here</title></entry>', filingNumber(1), '<entry/>');
    expect(read).toMatchObject({ entries: 2, unread: 'no number here' });
    expect(read?.filings).toHaveLength(1);
  });

  it('without entries is empty, and another page is none', () => {
    expect(page()).toEqual({ filings: [], entries: 0, unread: null });
    expect(readCurrentFilings('<html><body>Request Rate Threshold Exceeded</body></html>')).toBeNull();
    expect(readCurrentFilings('')).toBeNull();
  });

  it('orders by instants: the offset of New York changes', () => {
    const summer = { ...bankrupt, updated: '2026-11-01T01:30:00-04:00' };
    const winter = { ...bankrupt, updated: '2026-11-01T01:10:00-05:00' };
    const [first, second] = page(summer, winter)?.filings ?? [];
    expect(second?.acceptedMs).toBeGreaterThan(first?.acceptedMs ?? Infinity);
  });
});
