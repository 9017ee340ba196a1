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
      'Line 4: not a site is not a web address, so its website counts as not known.',
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
  const text = `name\n${Array.from({ length: 10_000 }, (_, at) => `Company ${at}`).join('\n')}`;
  expect(readNightList(text, NIGHT)).toMatchObject({ items: { length: 10_000 }, notes: [] });
});
