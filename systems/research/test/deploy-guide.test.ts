import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { estimateUsd } from '../cli/estimate.ts';
import { companySchema } from '../companies/company.ts';
import { nightItemSchema } from '../night/item.ts';
import { researchSettings } from '../settings.ts';

const found = (count: number) =>
  Array.from({ length: count }, () => ({ website: 'https://acme.com/', cik: null, ticker: null }));

/** What docs/deploy.md says about a night. */
const [, section = ''] =
  /^## Research every night[^\n]*\n([^]*?)^## /m.exec(readFileSync('docs/deploy.md', 'utf8')) ?? [];
const [config = '', item = ''] = [...section.matchAll(/^ *```json\n([^]*?)^ *```$/gm)].map(([, block = '']) => block);

test('its configuration is valid, with all that a night needs', () => {
  const { systems } = JSON.parse(`{${config}}`) as { systems: { research: unknown } };
  expect(researchSettings.parse(systems.research)).toMatchObject({
    contact: expect.any(String) as string,
    schedule: { by: '07:00' },
    mail: { createIdentity: true },
  });
});

test('its company is one of a list, and an item with what the schedule adds', () => {
  const company: unknown = JSON.parse(item);
  expect(companySchema.strict().parse(company)).toEqual(company);
  nightItemSchema.parse({ ...(company as object), night: '2026-11-02', space: 'web' });
});

test('its costs are those that the command estimates', () => {
  const rows = [...section.matchAll(/^\| ([\d,]+) +\| (\$[\d.]+) +\| (\$[\d.]+) +\|$/gm)];
  expect(rows.length).toBeGreaterThan(2);
  for (const [, companies = '', ...said] of rows) {
    const count = Number(companies.replace(',', ''));
    const one = estimateUsd(found(count), 1);
    const later = estimateUsd(found(count), 2) - one;
    expect(said).toEqual([one, later].map((usd) => `$${usd.toFixed(2)}`));
  }
});
