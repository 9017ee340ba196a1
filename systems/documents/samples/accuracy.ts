import { jurisdictionIn, plainText } from './places.ts';
import type { SampleRecord } from './samples.ts';
import { CLAUSE_KINDS, RISK_KINDS } from './truth.ts';
import type { ContractTruth } from './truth.ts';

/** The fields of a row in report.json that accuracy depends on. */
export interface ReportRow {
  readonly file: string;
  readonly status: string;
  readonly title?: string | null | undefined;
  readonly parties?: readonly string[] | undefined;
  readonly effectiveDate?: string | null | undefined;
  readonly governingLaw?: string | null | undefined;
  readonly clauses?: readonly { readonly kind: string }[] | undefined;
  readonly risks?: readonly { readonly kind: string }[] | undefined;
}

export interface Accuracy {
  /** Sound documents, and how many of them were read. An unread one counts as wrong in every field below. */
  readonly sound: { readonly documents: number; readonly read: number };
  /** Broken documents, and how many of them failed in the report. */
  readonly broken: { readonly documents: number; readonly failed: number };
  /** Documents without a row in the report. */
  readonly missing: readonly string[];
  readonly title: Share;
  /** All parties of a contract and no others. */
  readonly parties: Share;
  readonly effectiveDate: Share;
  readonly governingLaw: Share;
  readonly clauseKinds: KindAccuracy;
  readonly riskKinds: KindAccuracy;
  readonly mistakes: readonly Mistake[];
}

export interface Share {
  readonly right: number;
  readonly of: number;
}

/** Counts each kind once per document, however many clauses have it. `other` is not counted. */
export interface KindAccuracy {
  /** The share of the reported kinds that exist. Null if none was reported. */
  readonly precision: number | null;
  /** The share of the existing kinds that were reported. Null if none exists. */
  readonly recall: number | null;
  readonly byKind: ReadonlyMap<string, KindCount>;
}

interface KindCount {
  readonly expected: number;
  readonly reported: number;
  readonly both: number;
}

export interface Mistake {
  readonly file: string;
  readonly field: 'title' | 'parties' | 'effectiveDate' | 'governingLaw' | 'clauseKinds' | 'riskKinds';
  readonly expected: string;
  readonly reported: string;
}

/** Compares a report's rows with the truth of the samples. It ignores rows of other documents. */
export function compare(truths: readonly SampleRecord[], rows: readonly ReportRow[]): Accuracy {
  const rowOf = new Map(rows.map((row) => [row.file, row]));
  const sound = truths
    .filter((record) => record.defect === null)
    .map(({ file, truth }) => ({ file, truth, row: readRow(rowOf.get(file)) }));
  const broken = truths.filter(({ defect }) => defect !== null);
  const clauses = sound.map(({ truth, row }) => pairOfKinds(truth.clauseKinds, row?.clauses));
  const risks = sound.map(({ truth, row }) => pairOfKinds(truth.riskKinds, row?.risks));
  const mistakes = sound.flatMap(({ file, truth, row }) => (row === undefined ? [] : mistakesIn(file, truth, row)));
  const share = (field: Mistake['field']): Share => {
    const read = sound.filter(({ row }) => row !== undefined).length;
    return { right: read - mistakes.filter((mistake) => mistake.field === field).length, of: sound.length };
  };
  return {
    sound: { documents: sound.length, read: sound.filter(({ row }) => row !== undefined).length },
    broken: {
      documents: broken.length,
      failed: broken.filter(({ file }) => rowOf.get(file)?.status === 'failed').length,
    },
    missing: truths.map(({ file }) => file).filter((file) => !rowOf.has(file)),
    title: share('title'),
    parties: share('parties'),
    effectiveDate: share('effectiveDate'),
    governingLaw: share('governingLaw'),
    clauseKinds: kindAccuracy(CLAUSE_KINDS, clauses),
    riskKinds: kindAccuracy(RISK_KINDS, risks),
    mistakes,
  };
}

/** A share as a number from 0 to 1. Null if there is nothing to count. */
export function ratio({ right, of }: Share): number | null {
  return of === 0 ? null : right / of;
}

function readRow(row: ReportRow | undefined): ReportRow | undefined {
  return row?.status === 'succeeded' ? row : undefined;
}

function mistakesIn(file: string, truth: ContractTruth, row: ReportRow): Mistake[] {
  const texts: [Mistake['field'], string, string][] = [
    ['title', plainText(truth.title), plainText(row.title ?? '')],
    ['parties', inOrder(truth.parties.map(plainText)), inOrder(new Set(row.parties?.map(plainText)))],
    ['effectiveDate', truth.effectiveDate ?? '', row.effectiveDate ?? ''],
    ['governingLaw', lawName(truth.governingLaw), lawName(row.governingLaw)],
  ];
  const clauses = pairOfKinds(truth.clauseKinds, row.clauses);
  const risks = pairOfKinds(truth.riskKinds, row.risks);
  texts.push(['clauseKinds', inOrder(clauses.expected), inOrder(clauses.reported)]);
  texts.push(['riskKinds', inOrder(risks.expected), inOrder(risks.reported)]);
  return texts
    .filter(([, expected, reported]) => expected !== reported)
    .map(([field, expected, reported]) => ({ file, field, expected, reported }));
}

interface PairOfKinds {
  readonly expected: ReadonlySet<string>;
  readonly reported: ReadonlySet<string>;
}

function pairOfKinds(expected: readonly string[], reported: readonly { readonly kind: string }[] = []): PairOfKinds {
  const named = (kinds: readonly string[]): Set<string> => new Set(kinds.filter((kind) => kind !== 'other'));
  return { expected: named(expected), reported: named(reported.map(({ kind }) => kind)) };
}

function kindAccuracy(kinds: readonly string[], pairs: readonly PairOfKinds[]): KindAccuracy {
  const byKind = new Map(kinds.filter((kind) => kind !== 'other').map((kind) => [kind, countKind(kind, pairs)]));
  const sum = (of: keyof KindCount): number => [...byKind.values()].reduce((total, count) => total + count[of], 0);
  const both = sum('both');
  return {
    precision: ratio({ right: both, of: sum('reported') }),
    recall: ratio({ right: both, of: sum('expected') }),
    byKind,
  };
}

function countKind(kind: string, pairs: readonly PairOfKinds[]): KindCount {
  return {
    expected: pairs.filter(({ expected }) => expected.has(kind)).length,
    reported: pairs.filter(({ reported }) => reported.has(kind)).length,
    both: pairs.filter(({ expected, reported }) => expected.has(kind) && reported.has(kind)).length,
  };
}

function inOrder(texts: Iterable<string>): string {
  return [...texts].sort().join('; ');
}

/** The jurisdiction if it is known, otherwise the normalized text. */
function lawName(text: string | null | undefined): string {
  return jurisdictionIn(text ?? '') ?? plainText(text ?? '');
}
