import { count } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { oneLine } from '#cli/terminal/printable.ts';
import type { BriefDiff } from '../brief/diff.ts';
import { changeWords, KIND_WORDS } from '../brief/words.ts';

/** Companies that are named of those which one brief alone has. */
const NAMED = 20;

/** What is news comes first; what only grew older, and companies that had news and now have none, are counted. */
export function printDiff(output: Output, diff: BriefDiff): void {
  output.line(`From ${diff.from} to ${diff.to}`);
  for (const { name, kind, quote } of diff.claims)
    output.line(`  + ${oneLine(name)}, ${KIND_WORDS[kind]}: ${oneLine(quote)}`);
  printScores(output, diff);
  printStates(output, diff);
  printNames(output, 'added', diff.added);
  printNames(output, 'removed', diff.removed);
}

function printScores(output: Output, { scores, claims, compared }: BriefDiff): void {
  if (compared === 0) output.line('  No company is in both briefs.');
  else if (scores.length === 0) output.line('  No score changed.');
  const told = new Set(claims.map(({ id }) => id));
  const isAge = ({ id, change }: BriefDiff['scores'][number]): boolean => change < 0 && !told.has(id);
  for (const { name, score, change } of scores.filter((each) => !isAge(each)))
    output.line(`  ${score.toFixed(1).padStart(5)}  ${changeWords(change).padStart(6)}  ${oneLine(name)}`);
  const aged = scores.filter(isAge);
  if (aged.length === 0) return;
  const most = Math.max(...aged.map(({ change }) => -change)).toFixed(1);
  output.line(`  ${count(aged.length, 'score')} fell without news, as claims grow older: by ${most} at most.`);
}

/** States that say no more than that there is nothing new. */
const QUIET: ReadonlySet<string> = new Set(['researched', 'unchanged']);

function printStates(output: Output, { states }: BriefDiff): void {
  const isQuiet = ({ before, after }: BriefDiff['states'][number]): boolean => QUIET.has(before) && QUIET.has(after);
  for (const { name, before, after } of states.filter((each) => !isQuiet(each)))
    output.line(`  ${oneLine(name)}: ${before}, now ${after}`);
  const quiet = states.filter((each) => isQuiet(each) && each.after === 'unchanged').length;
  if (quiet > 0)
    output.line(
      `  ${companiesWords(quiet)} had pages that changed the night before, and now ${quiet === 1 ? 'has' : 'have'} none.`,
    );
}

const companiesWords = (many: number): string => count(many, 'company').replace(/companys$/, 'companies');

function printNames(output: Output, what: string, companies: BriefDiff['added']): void {
  if (companies.length === 0) return;
  const names = companies.slice(0, NAMED).map(({ name }) => oneLine(name));
  if (companies.length > NAMED) names.push('…');
  output.line(`  ${companiesWords(companies.length)} ${what}: ${names.join(', ')}`);
}
