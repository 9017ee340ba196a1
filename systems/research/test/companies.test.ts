import { expect, test } from 'vitest';
import { readCompanies } from '../companies/read-companies.ts';

const read = (text: string) => readCompanies(text, () => undefined);

test('a CSV with BOM, semicolons and quoted line breaks', () => {
  const { companies } = read(
    '\uFEFFName;Website;Sector\r\n"Müller & ""Söhne""";mueller.example;Food\r\n"Two\nlines";two.example;\r\n',
  );
  expect(companies).toMatchObject([
    { id: 'mueller.example', name: 'Müller & "Söhne"', sector: 'Food', website: 'https://mueller.example/' },
    { name: 'Two\nlines', sector: null },
  ]);
});

test('names that are not Latin', () => {
  const { companies } = read('company\n株式会社日立製作所\nГазпром\nشركة\n');
  expect(companies.map(({ id }) => id)).toEqual(['name:株式会社日立製作所', 'name:газпром', 'name:شركة']);
});

test('a company that is listed again is a duplicate, however it is spelled', () => {
  expect(read('name,url\nAcme,acme.example\nACME Inc,https://www.acme.example/about\n')).toMatchObject({
    companies: [{ name: 'Acme' }],
    duplicates: 1,
  });
});

test('lines without a company are named, empty lines are nothing', () => {
  expect(read('name,ticker\nAcme,\n,\n\n  ,  \n,AC\n')).toMatchObject({
    companies: [{ name: 'Acme' }, { name: 'AC' }],
    unreadable: [],
  });
  expect(read('name,sector\n,Food\n')).toMatchObject({ companies: [], unreadable: [1] });
});

test('a website that is no web address is named by its line, and the company stays', () => {
  expect(read('name,website\nAcme,localhost\nBolt,bolt.example\nCoil,http://\nDuct,\n')).toMatchObject({
    companies: [{ name: 'Acme', website: null }, { name: 'Bolt' }, { name: 'Coil', website: null }, { name: 'Duct' }],
    badWebsites: [
      { line: 1, text: 'localhost' },
      { line: 3, text: 'http://' },
    ],
  });
});

test('an empty file has no companies', () => {
  for (const text of ['', '\uFEFF', 'name\n', '\n\n'])
    expect(read(text)).toMatchObject({ companies: [], duplicates: 0 });
});

test('10,000 rows', () => {
  const rows = Array.from({ length: 10_000 }, (_, at) => `Company ${at},company-${at}.example`);
  expect(read(`name,website\n${rows.join('\n')}`).companies).toHaveLength(10_000);
});

test('a known name with a website of its own is not the known company', () => {
  const known = {
    id: 'apple.test',
    name: 'Apple',
    ticker: 'AAPL',
    sector: 'Tools',
    website: 'http://apple.test/',
    cik: '0000000001',
  };
  expect(readCompanies('name,website\nApple,https://www.apple.com\n', () => known).companies).toMatchObject([
    { id: 'apple.com', website: 'https://www.apple.com/' },
  ]);
});

test('what a line does not say, the list of known companies does', () => {
  const known = {
    id: 'acme.test',
    name: 'Acme',
    ticker: 'AC',
    sector: 'Tools',
    website: 'http://acme.test/',
    cik: '0000000001',
  };
  const { companies } = readCompanies('ticker\nAC\nZZ\n', ({ ticker }) => (ticker === 'AC' ? known : undefined));
  expect(companies).toMatchObject([
    { id: 'acme.test', website: 'http://acme.test/' },
    { name: 'ZZ', website: null, cik: null },
  ]);
});
