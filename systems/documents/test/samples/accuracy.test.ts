import { expect, test } from 'vitest';
import { compare, ratio } from '../../samples/accuracy.ts';
import type { ReportRow } from '../../samples/accuracy.ts';
import type { SampleRecord } from '../../samples/samples.ts';
import type { ContractTruth } from '../../samples/truth.ts';

const truth: ContractTruth = {
  title: 'Services Agreement',
  parties: ['Müller Logistik GmbH', 'Société d’Études SARL'],
  effectiveDate: '2025-03-01',
  term: 'two (2) years',
  governingLaw: 'Germany',
  clauseKinds: ['term', 'liability', 'other'],
  riskKinds: ['automatic-renewal'],
};
const sound = (file: string): SampleRecord => ({ file, truth, defect: null });
const broken = (file: string): SampleRecord => ({ file, truth: null, defect: 'empty' });
const right = (file: string): ReportRow => ({
  file,
  status: 'succeeded',
  title: 'SERVICES AGREEMENT',
  parties: ["Societe d'Etudes SARL", 'Müller Logistik GmbH'],
  effectiveDate: '2025-03-01',
  governingLaw: 'the laws of the Federal Republic of Germany',
  clauses: [{ kind: 'term' }, { kind: 'liability' }, { kind: 'liability' }],
  risks: [{ kind: 'automatic-renewal' }],
});

test('a right row is right in every field, regardless of case, accents, order and how it names the law', () => {
  const accuracy = compare([sound('a')], [right('a')]);
  expect(accuracy.mistakes).toEqual([]);
  expect(accuracy.title).toEqual({ right: 1, of: 1 });
  expect(accuracy.clauseKinds).toMatchObject({ precision: 1, recall: 1 });
});

test('an adjective can also name the law', () => {
  expect(compare([sound('a')], [{ ...right('a'), governingLaw: 'German law' }]).governingLaw.right).toBe(1);
});

test('each wrong field is a mistake that states what was expected', () => {
  const wrong = {
    ...right('a'),
    title: 'Lease',
    parties: ['Müller Logistik GmbH'],
    effectiveDate: null,
    governingLaw: 'France',
  };
  const accuracy = compare([sound('a'), sound('b')], [wrong, right('b')]);
  expect(accuracy.mistakes.map(({ field }) => field)).toEqual(['title', 'parties', 'effectiveDate', 'governingLaw']);
  expect(accuracy.mistakes[0]).toEqual({
    file: 'a',
    field: 'title',
    expected: 'services agreement',
    reported: 'lease',
  });
  expect(accuracy.parties).toEqual({ right: 1, of: 2 });
});

test('an extra kind lowers precision, a missing kind lowers recall, and "other" does not count', () => {
  const row = { ...right('a'), clauses: [{ kind: 'term' }, { kind: 'payment' }, { kind: 'other' }], risks: [] };
  const { clauseKinds, riskKinds } = compare([sound('a')], [row]);
  expect(clauseKinds).toMatchObject({ precision: 1 / 2, recall: 1 / 2 });
  expect(clauseKinds.byKind.get('payment')).toEqual({ expected: 0, reported: 1, both: 0 });
  expect(riskKinds).toMatchObject({ precision: null, recall: 0 });
});

test('a sound document that failed or is missing is wrong in every field', () => {
  const accuracy = compare([sound('a'), sound('b'), sound('c')], [right('a'), { file: 'b', status: 'failed' }]);
  expect(accuracy.sound).toEqual({ documents: 3, read: 1 });
  expect(accuracy.missing).toEqual(['c']);
  expect(ratio(accuracy.effectiveDate)).toBeCloseTo(1 / 3);
  expect(accuracy.clauseKinds.recall).toBeCloseTo(1 / 3);
});

test('a broken document is right only if it failed in the report', () => {
  const rows = [{ file: 'a', status: 'failed' }, right('b')];
  expect(compare([broken('a'), broken('b')], rows).broken).toEqual({ documents: 2, failed: 1 });
});
