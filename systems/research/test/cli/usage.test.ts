import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { terminalOutput } from '#cli/terminal/output.ts';
import { readCompanyFile } from '../../cli/companies.ts';
import { estimateUsd } from '../../cli/estimate.ts';
import { parseResearchOptions } from '../../cli/options.ts';

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

const read = async (content: string | Uint8Array) => {
  const file = join(home, 'list.csv');
  await writeFile(file, content);
  return readCompanyFile(file, [], terminalOutput(true));
};

test('an empty list, a list that is too long and no file are wrong usage', async () => {
  for (const content of ['', 'name\n', '\uFEFF\n\n']) await expect(read(content)).rejects.toThrow('has no company');
  const rows = Array.from({ length: 10_001 }, (_, at) => `Company ${at}`).join('\n');
  await expect(read(`name\n${rows}`)).rejects.toThrow('has 10,001 lines');
  await expect(readCompanyFile(join(home, 'none.csv'), [], terminalOutput(true))).rejects.toThrow('cannot be read');
});

test('a list in UTF-16 or in the Windows code page is read', async () => {
  expect(await read(Buffer.from('\uFEFFname\nMüller\n', 'utf16le'))).toMatchObject([{ name: 'Müller' }]);
  expect(await read(Buffer.from('name\nM\u00FCller\n', 'latin1'))).toMatchObject([{ name: 'Müller' }]);
});

test('more companies and nights cost more', () => {
  expect(estimateUsd(100, 1)).toBeGreaterThan(estimateUsd(50, 1));
  expect(estimateUsd(50, 3)).toBeGreaterThan(estimateUsd(50, 1));
});
