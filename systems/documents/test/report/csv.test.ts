import { describe, expect, it } from 'vitest';
import { reportCsv } from '../../report/csv.ts';
import { contract } from '../agent/support.ts';
import { document, failed, report, succeeded, task } from './support.ts';

const csvOf = (title: string): string =>
  reportCsv(report([document('a.pdf', task('a', { state: succeeded(contract({ title })) }))]));

describe('report.csv', () => {
  it('has a header and one line per document, with RFC 4180 line ends', () => {
    const csv = reportCsv(
      report([document('a.pdf', task('a')), document('b.pdf', task('b', { state: failed('empty: Empty.') }))]),
    );
    const lines = csv.split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^\ufefffile,status,reasonCode,reason,title,parties,/);
    expect(lines[1]).toMatch(/^a\.pdf,succeeded,,,Mutual Non-Disclosure Agreement,Acme Ltd; Globex GmbH,2026-03-01,/);
    expect(lines[2]).toMatch(/^b\.pdf,failed,empty,Empty\.,,,/);
    expect(lines[3]).toBe('');
  });

  it('has as many cells in every line as in the header', () => {
    const [header = '', row = ''] = csvOf('Plain').split('\r\n');
    expect(row.split(',')).toHaveLength(header.split(',').length);
  });

  it('quotes commas, quotation marks and line breaks', () => {
    expect(csvOf('The "Big", deal\nof 2026')).toContain(',"The ""Big"", deal\nof 2026",');
  });

  it.each(['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', ' =1', '\t=1', '＝1', '＠SUM(A1)'])(
    'prefixes the formula %j',
    (title) => {
      expect(csvOf(title)).toMatch(/,"?'/);
    },
  );

  it.each(['Foo;=HYPERLINK("http://x")', 'Foo;＝1', 'Foo\t＋1'])(
    'disarms the part after a separator in %j',
    (title) => {
      expect(csvOf(title)).toMatch(/Foo[;\t]'[=＝＋]/);
    },
  );

  it('leaves no formula where another separator splits the cell', () => {
    const [, row = ''] = csvOf('Lease; =HYPERLINK("http://x")\n+1\t-2').split('\r\n');
    const parts = row.split(/[;\t\n]/).map((part) => part.trimStart());
    expect(parts.filter((part) => /^[=+\-@]/.test(part))).toEqual([]);
  });
});
