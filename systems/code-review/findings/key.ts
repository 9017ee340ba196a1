import { createHash } from 'node:crypto';
import type { ReviewedFinding } from './merge.ts';

/** What a finding is recognised by. */
export type Recognised = Pick<ReviewedFinding, 'file' | 'rule' | 'quote' | 'startLine' | 'line' | 'key'>;

/** The quoted lines without indentation, spaces in a row and empty lines: a formatter changes no key. */
export const textOf = ({ quote }: Pick<Recognised, 'quote'>): string =>
  quote
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');

/**
 * The keys of findings, in their order: from the file, the rule and the quoted text, and not from the line's number, so
 * that a key outlives lines that are added above. Findings that are alike are counted from the top of the file. A finding
 * that continues an earlier one keeps its key.
 */
export function keysOf(findings: readonly Recognised[]): string[] {
  const taken = new Set(findings.flatMap(({ key }) => key ?? []));
  const keys = new Map<Recognised, string>();
  for (const finding of findings.toSorted((a, b) => a.startLine - b.startLine || a.line - b.line)) {
    const key = finding.key ?? firstFree(finding, taken);
    taken.add(key);
    keys.set(finding, key);
  }
  return findings.map((finding) => keys.get(finding) ?? '');
}

function firstFree({ file, rule, ...finding }: Recognised, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count += 1) {
    const identity = JSON.stringify([file, rule, textOf(finding), count]);
    const key = createHash('sha256').update(identity).digest('hex').slice(0, 24);
    if (!taken.has(key)) return key;
  }
}
