import { parseDiff } from '../change/parse-diff.ts';
import type { DiffedFile } from '../change/changed-file.ts';
import type { ReviewedFinding } from '../findings/merge.ts';

/** A file of a diff with one hunk, from its lines with their first characters. */
export function diffed(path: string, lines: readonly string[], at = 1): DiffedFile {
  const count = (sign: string): number => lines.filter((line) => !line.startsWith(sign)).length;
  const header = `@@ -${at},${count('+')} +${at},${count('-')} @@`;
  const [file] = parseDiff(['--- a/' + path, '+++ b/' + path, header, ...lines, ''].join('\n'));
  if (file === undefined) throw new Error('The diff has no file.');
  return file;
}

/** A finding, with the fields that a test is about. */
export function finding(fields: Partial<ReviewedFinding> = {}): ReviewedFinding {
  const line = fields.line ?? 3;
  return {
    file: 'a.ts',
    startLine: line,
    line,
    side: 'RIGHT',
    rule: 'other',
    severity: 'medium',
    confidence: 0.8,
    quote: 'const a = 1;',
    message: 'Something is wrong here.',
    agent: 'logic',
    ...fields,
  };
}
