import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { CLAUSE_KINDS, RISK_KINDS, SEVERITIES } from '../../agents/contract.ts';
import { DOCUMENT_FAULTS } from '../../pdf/faults.ts';
import { reportCsv } from '../../report/csv.ts';
import { reportSchema } from '../../report/schema.ts';
import { failureKind } from '#core/failures/failure.ts';
import { report } from './support.ts';

const page = readFileSync(new URL('../../../../docs/report-schema.md', import.meta.url), 'utf8');
const named = (name: string): boolean => page.includes(`\`${name}\``);

it('docs/report-schema.md names every field of report.json', () => {
  const missing = [...fieldsOf(z.toJSONSchema(reportSchema))].filter((field) => !named(field));
  expect(missing).toEqual([]);
});

it('docs/report-schema.md names every column of report.csv', () => {
  const columns = reportCsv(report([])).trim().split(',');
  expect(columns.filter((column) => !named(column))).toEqual([]);
});

it('docs/report-schema.md names every kind, severity and reason', () => {
  const words = [...CLAUSE_KINDS, ...RISK_KINDS, ...SEVERITIES, ...DOCUMENT_FAULTS, ...failureKind.options];
  expect(words.filter((word) => !named(word))).toEqual([]);
});

function fieldsOf(schema: unknown): Set<string> {
  if (Array.isArray(schema)) return new Set(schema.flatMap((one) => [...fieldsOf(one)]));
  if (typeof schema !== 'object' || schema === null) return new Set();
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return new Set([...own, ...Object.values(schema).flatMap((value) => [...fieldsOf(value)])]);
}
