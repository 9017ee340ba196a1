import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulatedWeb } from '@agent-fleet/simulated-web';
import { expect, test } from 'vitest';
import { terminalOutput } from '#cli/terminal/output.ts';
import { readCompanyFile, simulatedCompanies } from '../../cli/companies.ts';
import { itemsOf, simulatedSpace } from '../../cli/items.ts';
import { nightItemSchema } from '../../night/item.ts';

test('whatever a list has, its items are companies of a night', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'fleet-research-')), 'list.csv');
  const rows = [
    '株式会社日立製作所;;;',
    `${'ﷺ'.repeat(200)};;;`,
    `${'İ'.repeat(300)};;${'s'.repeat(200)};`,
    `Long;https://long.example/${'a'.repeat(600)};;`,
    'Odd;ftp://odd.example/;;12345678901',
    'Filer;;;320193',
    '=HYPERLINK("x");https://sheet.example/#x;;',
  ];
  writeFileSync(file, `\uFEFFname;website;sector;cik\r\n${rows.join('\r\n')}\r\n`);
  const companies = await readCompanyFile(file, [], terminalOutput(true));
  expect(companies).toHaveLength(rows.length);
  for (const item of itemsOf(companies, '2026-11-02', 'web')) expect(nightItemSchema.parse(item)).toEqual(item);
});

test('the companies of the simulated web too', async () => {
  await using web = await startSimulatedWeb({ companies: 500 });
  const space = simulatedSpace(0xffff_ffff, 500);
  const items = itemsOf(simulatedCompanies(web), '2026-11-02', space);
  expect(items.map((item) => nightItemSchema.parse(item))).toEqual(items);
});
