import { dollars } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import type { LeftOut } from '../change/changed-file.ts';
import type { ReviewedFinding } from '../findings/merge.ts';
import type { Review } from '../findings/review.ts';
import type { ReviewFacts } from '../report/review-json.ts';
import { verdictWords } from '../report/words.ts';

/** Prints the findings by file and line, what was left out, and the verdict. The output makes all text printable. */
export function printReview(output: Output, review: Review, facts: ReviewFacts & { readonly page: string }): void {
  const byFile = Map.groupBy(review.findings, ({ file }) => file);
  for (const [file, findings] of [...byFile].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    output.line();
    output.line(inline(file));
    for (const finding of findings.toSorted((a, b) => a.line - b.line)) printFinding(output, finding);
  }
  if (review.unplaced.length > 0) output.line('\nAbout lines that are not in the diff:');
  for (const { file, severity, agent, message } of review.unplaced)
    output.line(`  ${severity}  ${agent}  ${inline(file)}: ${inline(message)}`);
  printLeftOut(output, review.leftOut);
  output.line();
  if (review.summary !== '') output.line(inline(review.summary));
  output.line(`${verdictWords(review.verdict)}. ${review.because}`);
  if (facts.simulated)
    output.line('The simulated model answered, by rules. It found what they describe, not what Claude would.');
  output.line(
    `Cost ${dollars(facts.spent.usd)} for ${facts.spent.tokens.toLocaleString('en-US')} tokens. Report: ${facts.page}`,
  );
}

/** A line break in a path or a message must not begin a line of its own. */
const inline = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function printFinding(output: Output, finding: ReviewedFinding): void {
  const { startLine, line, side, severity, agent, also = [], quote, message, suggestion } = finding;
  const lines = startLine === line ? String(line) : `${startLine}-${line}`;
  const where = side === 'LEFT' ? `${lines} (removed)` : lines;
  output.line(`  ${where.padEnd(8)} ${severity.padEnd(8)} ${[agent, ...also].join(', ')}: ${inline(message)}`);
  for (const text of quote.split('\n')) output.line(`           | ${text}`);
  for (const text of suggestion?.split('\n') ?? []) output.line(`           > ${text}`);
}

function printLeftOut(output: Output, leftOut: readonly LeftOut[]): void {
  if (leftOut.length === 0) return;
  output.line('\nNot read:');
  for (const { path, reason, detail } of leftOut.slice(0, MAX_LISTED))
    output.line(`  ${inline(path)}: ${detail ?? reason}`);
  if (leftOut.length > MAX_LISTED) output.line(`  and ${leftOut.length - MAX_LISTED} more`);
}

const MAX_LISTED = 20;
