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
  expect(read('name,sector\n,Food\n')).toMatchObject({ companies: [], unreadable: [2] });
});

test('a website that is no web address is named by its line, and the company stays', () => {
  expect(read('name,website\nAcme,localhost\nBolt,bolt.example\nCoil,http://\nDuct,\n')).toMatchObject({
    companies: [{ name: 'Acme', website: null }, { name: 'Bolt' }, { name: 'Coil', website: null }, { name: 'Duct' }],
    badWebsites: [
      { line: 2, text: 'localhost' },
      { line: 4, text: 'http://' },
    ],
  });
});

test('sites of several companies on one host are not the same company, in whatever order they are listed', () => {
  const lines = [
    'A,https://sites.google.com/view/a',
    'B,https://sites.google.com/view/b/',
    'A Inc,sites.google.com/view/a/',
  ];
  for (const order of [lines, lines.toReversed()]) {
    const { companies, duplicates } = read(`name,url\n${order.join('\n')}\n`);
    expect(companies.map(({ id }) => id).toSorted()).toEqual(['sites.google.com/view/a', 'sites.google.com/view/b']);
    expect(duplicates).toBe(1);
  }
});

test.each([
  ['at the beginning of a name', 'name\n"Acme\nBeta\nGamma\n', ['Acme', 'Beta', 'Gamma']],
  ['before a quoted name', 'name,sector\n"Acme,Food\n"Be,ta",Food\nGamma,"Tools"\n', ['Acme', 'Be,ta', 'Gamma']],
  ['around a part of a name', 'name\n"Acme" Tools\nBeta\n', ['"Acme" Tools', 'Beta']],
  ['at the end of the file', 'name\nAcme\n"Beta', ['Acme', 'Beta']],
  ['with doubled ones', 'name\n"Acme ""Tools\nBeta\n', ['"Acme ""Tools', 'Beta']],
])('a quotation mark that nothing closes, %s, swallows no other line', (_, text, names) => {
  expect(read(text).companies.map(({ name }) => name)).toEqual(names);
});

test('lines are those of the file, with empty ones and quoted line breaks', () => {
  const text = '\n\r\nname,website\r\n"Two\nlines",localhost\n\n,\nBolt,http://\n';
  expect(read(text)).toMatchObject({
    badWebsites: [
      { line: 4, text: 'localhost' },
      { line: 8, text: 'http://' },
    ],
  });
  expect(read('name,sector\nAcme,\n\n,Food\n').unreadable).toEqual([4]);
});

test.each(['"', '""', '"a""b', '"\n', '"a\n'])('a file of %j takes no time', (mark) => {
  const before = process.cpuUsage();
  read(`name\n${mark.repeat(100_000)}`);
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(3);
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
    { id: 'apple.com', website: 'https://www.apple.com/', sector: null, ticker: null, cik: null },
  ]);
  expect(readCompanies('name,website\nApple,http://apple.test/shop\n', () => known).companies).toMatchObject([
    { id: 'apple.test', website: 'http://apple.test/shop', cik: '0000000001' },
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
