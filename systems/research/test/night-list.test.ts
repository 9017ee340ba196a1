import { expect, test } from 'vitest';
import { readNightList } from '../companies/read-night-list.ts';

const NIGHT = '2026-11-02';

test('a list as people save it is a night of its companies, and says what it left out', () => {
  const lines = [
    'Name;Website;CIK',
    'Acme;acme.example;',
    '株式会社;;',
    ';;',
    'ACME;acme.example;',
    'Bolt;not a site;77',
  ];
  expect(readNightList(`\uFEFF${lines.join('\r\n')}`, NIGHT)).toEqual({
    items: [
      expect.objectContaining({ id: 'acme.example', website: 'https://acme.example/', night: NIGHT, space: 'web' }),
      expect.objectContaining({ id: 'name:株式会社', website: null, cik: null }),
      expect.objectContaining({ id: 'cik:0000000077', name: 'Bolt', website: null }),
    ],
    notes: [
      'Lines that name a company again: 1.',
      'Companies without a website, SEC number or ticker: 1. Without a web search nobody looks for them.',
      'Line 6: not a site is not a web address, so its website counts as not known.',
    ],
  });
});

test.each(['', 'name\n', 'a,b\n1,2', '{"id":"acme"}', '\0\0\0'])(
  '%j has no companies, and the remedy is named',
  (text) => {
    expect(readNightList(text, NIGHT)).toEqual({ problem: expect.stringContaining('Use a CSV file whose first line') });
  },
);

test('10,000 lines are 10,000 items', () => {
  const text = `name,ticker\n${Array.from({ length: 10_000 }, (_, at) => `Company ${at},T${at}`).join('\n')}`;
  expect(readNightList(text, NIGHT)).toMatchObject({ items: { length: 10_000 }, notes: [] });
});

test.each(['www.', 'a.', `${'a.'.repeat(200)}example`, `${'a'.repeat(250)}.example`])(
  'a website with a host that cannot be, such as %s, counts as not known',
  (host) => {
    const read = readNightList(`name,website\nAcme,https://${host}/\n`, NIGHT);
    expect(read).toMatchObject({ items: [{ id: 'name:acme', website: null }], notes: { length: 2 } });
  },
);

test('a company that no night takes is left out by name; if there is no other, the list is refused', () => {
  const cik = 'name,cik\nAcme,320193\n';
  expect(readNightList(cik, 'no night')).toEqual({ problem: expect.stringMatching(/^No company.*Acme \(night: /) });
});
