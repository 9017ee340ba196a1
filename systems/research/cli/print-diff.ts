import { count } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { oneLine } from '#cli/terminal/printable.ts';
import type { BriefDiff } from '../brief/diff.ts';
import { changeWords, KIND_WORDS } from '../brief/words.ts';

/** Companies that are named of those which one brief alone has. */
const NAMED = 20;

export function printDiff(output: Output, diff: BriefDiff): void {
  output.line(`From ${diff.from} to ${diff.to}`);
  for (const { name, score, change } of diff.scores)
    output.line(`  ${score.toFixed(1).padStart(5)}  ${changeWords(change).padStart(6)}  ${oneLine(name)}`);
  if (diff.compared === 0) output.line('  No company is in both briefs.');
  else if (diff.scores.length === 0) output.line('  No score changed.');
  for (const { name, kind, quote } of diff.claims)
    output.line(`  + ${oneLine(name)}, ${KIND_WORDS[kind]}: ${oneLine(quote)}`);
  for (const { name, before, after } of diff.states) output.line(`  ${oneLine(name)}: ${before}, now ${after}`);
  printNames(output, 'added', diff.added);
  printNames(output, 'removed', diff.removed);
}

function printNames(output: Output, what: string, companies: BriefDiff['added']): void {
  if (companies.length === 0) return;
  const names = companies.slice(0, NAMED).map(({ name }) => oneLine(name));
  if (companies.length > NAMED) names.push('…');
  const many = count(companies.length, 'company').replace(/companys$/, 'companies');
  output.line(`  ${many} ${what}: ${names.join(', ')}`);
}
