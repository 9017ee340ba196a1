import { dollars, duration } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { oneLine } from '#cli/terminal/printable.ts';
import { newsOf } from '../brief/brief.ts';
import type { Brief } from '../brief/schema.ts';
import { changeWords, headlineOf, KIND_WORDS } from '../brief/words.ts';
import type { NightOrder } from '../night/run-night.ts';

/** Shows how far the stages of a night are: items, rate, cost, time left. */
export function progressOf(
  output: Output,
  label: string,
  companies: number,
  spent: () => number,
): Pick<NightOrder, 'onCompany' | 'onBatch'> {
  const startedAt = Date.now();
  const show = (stage: string, done: number, all: number): void => {
    const seconds = Math.max(0.001, (Date.now() - startedAt) / 1_000);
    const rate = done / seconds;
    const left = done > 0 && done < all ? `  ${duration(((all - done) / rate) * 1_000)} left` : '';
    output.progress(`${label}  ${stage} ${done}/${all}  ${rate.toFixed(1)}/s  ${dollars(spent())}${left}`);
  };
  show('companies', 0, companies);
  return {
    onCompany: (_, done) => show('companies', done, companies),
    onBatch: (done, all) => show('comparisons', done, all),
  };
}

const SHOWN = 5;

/** The first lines of a brief. */
export function printBrief(output: Output, brief: Brief, page: string): void {
  output.progress('');
  output.line(`${brief.night}: ${headlineOf(brief)}${brief.late ? ' The brief is late.' : ''}`);
  const threats = brief.companies.filter(({ threat }) => threat.score > 0).slice(0, SHOWN);
  for (const { name, threat } of threats)
    output.line(
      `  ${threat.score.toFixed(1).padStart(5)}  ${changeWords(threat.change).padStart(11)}  ${oneLine(name)}`,
    );
  for (const { row, claim } of newsOf(brief).slice(0, SHOWN))
    output.line(`  + ${oneLine(row.name)}, ${KIND_WORDS[claim.kind]}: ${oneLine(claim.quote)}`);
  const { uncheckedPairs, failed, citationsThatFail } = brief.totals;
  if (failed > 0) output.line(`  ${failed} not reached or not read: the brief says why.`);
  if (uncheckedPairs > 0) output.line(`  ${uncheckedPairs} pairs were not checked.`);
  if (citationsThatFail > 0)
    output.line(`  ${citationsThatFail} claims left out: their quotes are not in their sources.`);
  output.line(`  ${page}`);
}
