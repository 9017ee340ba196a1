import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { terminalOutput } from '#cli/terminal/output.ts';
import { CATALOGUE } from '#core/models/catalogue.ts';
import { readCompanyFile } from '../../cli/companies.ts';
import { estimateUsd } from '../../cli/estimate.ts';
import { nightFolder } from '../../cli/folders.ts';
import { parseDiffOptions, parseResearchOptions } from '../../cli/options.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-research-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

test.each([
  [{ sample: '0' }, '--sample'],
  [{ sample: '501' }, '--sample'],
  [{ nights: 'x' }, '--nights'],
  [{ by: '25:00' }, '--by must be a time such as 07:00'],
  [{ maxUsd: '0' }, '--max-usd'],
  [{ sample: '5', companies: 'list.csv' }, '--companies and --sample cannot be combined'],
])('%o is wrong usage', (options, says) => {
  expect(() => parseResearchOptions(options)).toThrow(says);
});

test.each(['foo', '2026-02-30', ''])('research diff --night %j is wrong usage', (night) => {
  expect(() => parseDiffOptions({ night })).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining('--night must be a date like') }),
  );
});

const found = (count: number) =>
  Array.from({ length: count }, () => ({ website: 'http://acme.test/', cik: null, ticker: null }));

const read = async (content: string | Uint8Array) => {
  const file = join(home, 'list.csv');
  await writeFile(file, content);
  return readCompanyFile(file, [], terminalOutput(true));
};

test('an empty list, a list that is too long and no file are wrong usage', async () => {
  for (const content of ['', 'name\n', '\uFEFF\n\n']) await expect(read(content)).rejects.toThrow('has no company');
  await expect(read('firm,place\nAcme,Here\n')).rejects.toThrow('Its columns are: firm, place.');
  await expect(readCompanyFile('/dev/zero', [], terminalOutput(true))).rejects.toThrow('larger than 20 MB');
  const rows = Array.from({ length: 10_001 }, (_, at) => `Company ${at}`).join('\n');
  await expect(read(`name\n${rows}`)).rejects.toThrow('has 10,001 lines');
  await expect(readCompanyFile(join(home, 'none.csv'), [], terminalOutput(true))).rejects.toThrow('cannot be read');
});

test('a list in UTF-16 or in the Windows code page is read', async () => {
  expect(await read(Buffer.from('\uFEFFname\nMüller\n', 'utf16le'))).toMatchObject([{ name: 'Müller' }]);
  expect(await read(Buffer.from('name\nM\u00FCller\n', 'latin1'))).toMatchObject([{ name: 'Müller' }]);
});

test('more companies and nights cost more', () => {
  expect(estimateUsd(found(100), 1)).toBeGreaterThan(estimateUsd(found(50), 1));
  expect(estimateUsd(found(50), 3)).toBeGreaterThan(estimateUsd(found(50), 1));
});

test('a search costs its fee for each company and night, also for companies of which nobody knows the website', () => {
  const unknown = [{ website: null, cik: null, ticker: null }];
  expect(estimateUsd(unknown, 3, true)).toBeGreaterThan(3 * CATALOGUE.search.usd);
  expect(estimateUsd(found(50), 2, true) - estimateUsd(found(50), 2)).toBeGreaterThan(100 * CATALOGUE.search.usd);
});

test('companies without a website, ticker and number at the SEC cost nothing', () => {
  const unknown = Array.from({ length: 10_000 }, () => ({ website: null, cik: null, ticker: null }));
  expect(estimateUsd(unknown, 1)).toBe(0);
  expect(estimateUsd([...unknown, ...found(50)], 2)).toBe(estimateUsd(found(50), 2));
  expect(estimateUsd(found(1), 1)).toBeLessThan(
    estimateUsd([{ website: 'https://acme.example/', cik: null, ticker: null }], 1),
  );
  expect(estimateUsd([{ website: null, cik: '0000000001', ticker: null }], 1)).toBeGreaterThan(0);
  expect(estimateUsd([{ website: null, cik: null, ticker: 'ACME' }], 1)).toBeGreaterThan(0);
});

test.each([
  [{}, '2026-11-02'],
  [{ seed: '2' }, 'sample-50-seed-2/2026-11-02'],
  [{ sample: '20' }, 'sample-20/2026-11-02'],
  [{ companies: 'lists/rivals.csv' }, 'list-rivals/2026-11-02'],
  [{ companies: '2026-11-01.csv' }, 'list-2026-11-01/2026-11-02'],
  [{ companies: 'rivals.csv', seed: '2' }, 'list-rivals-seed-2/2026-11-02'],
])('the brief of %o is in a folder of its own', (options, folder) => {
  expect(nightFolder(parseResearchOptions(options), '2026-11-02')).toBe(join('reports', 'research', folder));
});

test('--out has a folder for each night, also for a single one, so that the next one does not replace it', () => {
  expect(nightFolder(parseResearchOptions({ out: 'a', seed: '2' }), '2026-11-02')).toBe(join('a', '2026-11-02'));
  expect(nightFolder(parseResearchOptions({ out: 'a', nights: '2' }), '2026-11-02')).toBe(join('a', '2026-11-02'));
});
