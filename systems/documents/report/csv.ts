import type { DocumentRow, Report } from './schema.ts';

type Cell = string | number | boolean | null | undefined;
type Column = readonly [name: string, value: (row: DocumentRow) => Cell];

const analysed = (row: DocumentRow) => (row.status === 'succeeded' ? row : null);
const joined = (values: readonly string[] | undefined): string | undefined => values && [...new Set(values)].join('; ');
const risksOf = (severity: string) => (row: DocumentRow) =>
  analysed(row)?.risks.filter((risk) => risk.severity === severity).length;

const COLUMNS: readonly Column[] = [
  ['file', (row) => row.file],
  ['status', (row) => row.status],
  ['reasonCode', (row) => (row.status === 'failed' ? row.reasonCode : null)],
  ['reason', (row) => (row.status === 'failed' ? row.reason : null)],
  ['title', (row) => analysed(row)?.title],
  ['parties', (row) => joined(analysed(row)?.parties)],
  ['effectiveDate', (row) => analysed(row)?.effectiveDate],
  ['term', (row) => analysed(row)?.term],
  ['governingLaw', (row) => analysed(row)?.governingLaw],
  ['clauses', (row) => joined(analysed(row)?.clauses.map(({ kind }) => kind))],
  ['risks', (row) => joined(analysed(row)?.risks.map(({ kind }) => kind))],
  ['highRisks', risksOf('high')],
  ['mediumRisks', risksOf('medium')],
  ['lowRisks', risksOf('low')],
  ['confidence', (row) => analysed(row)?.confidence],
  ['warnings', (row) => joined(analysed(row)?.warnings)],
  ['agent', (row) => row.agent],
  ['agentVersion', (row) => row.agentVersion],
  ['model', (row) => row.model],
  ['inputTokens', (row) => row.tokens.input],
  ['outputTokens', (row) => row.tokens.output],
  ['cacheReadTokens', (row) => row.tokens.cacheRead],
  ['cacheWriteTokens', (row) => row.tokens.cacheWrite],
  ['usd', (row) => row.usd],
  ['savedUsd', (row) => row.savedUsd],
  ['seconds', (row) => row.seconds],
  ['duplicateOf', (row) => row.duplicateOf],
  ['reused', (row) => row.reused ?? false],
  ['taskId', (row) => row.taskId],
];

/** Makes spreadsheets read the text as UTF-8. */
const BYTE_ORDER_MARK = '\u{feff}';

/** report.csv (RFC 4180): one line per document. Lists within a cell are separated by "; ". */
export function reportCsv(report: Report): string {
  const lines = [
    COLUMNS.map(([name]) => name),
    ...report.documents.map((row) => COLUMNS.map(([, value]) => cell(value(row)))),
  ];
  return `${BYTE_ORDER_MARK}${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
}

function cell(value: Cell): string {
  if (typeof value !== 'string') return value === null || value === undefined ? '' : String(value);
  const text = disarm(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A spreadsheet evaluates text that begins like this as a formula (OWASP, "CSV Injection"). Where the list separator is a
 * semicolon, as in much of Europe, it also splits our cells at semicolons, tabs and line breaks, so each part counts. The
 * wide forms are evaluated too.
 */
const FORMULA = /(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])/g;
const disarm = (text: string): string => text.replaceAll(FORMULA, "$1'");
