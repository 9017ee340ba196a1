import { dollars, duration } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { oneLine } from '#cli/terminal/printable.ts';
import type { RunView } from '#core/api/runs/messages.ts';
import { ANALYST, READER, SCOUT, SEARCHER, STRATEGIST } from '../agents/names.ts';
import { newsOf } from '../brief/brief.ts';
import type { Brief } from '../brief/schema.ts';
import { unreadWords } from '../brief/unread.ts';
import { changeWords, headlineOf, KIND_WORDS } from '../brief/words.ts';

/** The stages as people call them. */
const STAGES = [
  { agent: SCOUT.name, stage: 'scouts' },
  { agent: SEARCHER.name, stage: 'searchers' },
  { agent: READER.name, stage: 'readers' },
  { agent: ANALYST.name, stage: 'analysts' },
  { agent: STRATEGIST.name, stage: 'strategists' },
] as const;

type Stage = (typeof STAGES)[number]['stage'];

/**
 * Writes how far each stage of a run is: items, rate, cost, time left.
 * @param earlier runs of the same night: what has succeeded there is not done again, and counts as done
 */
export function progressOf(companies: number, earlier: readonly RunView[] = []): (run: RunView, now: number) => string {
  const first = new Map<Stage, { readonly at: number; readonly done: number }>();
  return (run, now) => {
    const parts = STAGES.flatMap(({ agent, stage }) => {
      const found = run.agents?.find((each) => each.agent === agent);
      if (found === undefined) return [];
      const before = succeededBefore(earlier, agent);
      const all = before + Object.values(found.tasks).reduce((sum, count) => sum + count, 0);
      const { queued, running, parked } = found.tasks;
      // Every company passes the first two; how many pairs are compared is known only then.
      const total = stage === 'strategists' ? all : Math.max(all, companies);
      const done = all - queued - running - parked;
      // What had ended before the command looked says nothing about the rate.
      const seen = first.get(stage) ?? { at: now, done };
      first.set(stage, seen);
      const perMs = (done - seen.done) / Math.max(1, now - seen.at);
      return [stageWords(stage, { done, total, usd: found.spent.usd, perMs })];
    });
    return parts.length === 0 ? `scouts 0/${companies}` : parts.join(', ');
  };
}

const succeededBefore = (earlier: readonly RunView[], agent: string): number =>
  earlier
    .flatMap(({ agents = [] }) => agents)
    .reduce((sum, each) => sum + (each.agent === agent ? each.tasks.succeeded : 0), 0);

interface StageProgress {
  readonly done: number;
  readonly total: number;
  readonly usd: number;
  /** Items a millisecond, since the command has watched. */
  readonly perMs: number;
}

function stageWords(stage: Stage, { done, total, usd, perMs }: StageProgress): string {
  const words = [`${stage} ${done}/${total}`];
  const isUnderWay = perMs > 0 && done < total;
  if (isUnderWay) words.push(`${(perMs * 1_000).toFixed(1)}/s`);
  if (usd > 0) words.push(dollars(usd));
  if (isUnderWay) words.push(`${duration((total - done) / perMs)} left`);
  return words.join(' ');
}

const SHOWN = 5;

/** The first lines of a brief. */
export function printBrief(output: Output, brief: Brief, page: string): void {
  output.progress('');
  output.line(`${brief.night}: ${headlineOf(brief)}${brief.late ? ' The brief is late.' : ''}`);
  for (const words of unreadWords(brief)) output.line(`  ${words}`);
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
