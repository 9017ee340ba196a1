import { startOf } from '#core/text/text.ts';
import type { FixedFinding } from '../findings/carry-forward.ts';
import type { Specialist } from '../findings/finding.ts';
import type { Review } from '../findings/review.ts';
import type { Verdict } from '../findings/verdict.ts';
import { verdictWords } from '../report/words.ts';
import type { Keyed, Layout } from './lay-out.ts';
import { findingMarker, listedMarker } from './markers.ts';
import { fenced, linkTo, plainMarkdown } from './plain-markdown.ts';

/** A comment of a review, as GitHub takes it. `start_line` must be less than `line`, so a single line has none. */
export interface ReviewComment {
  readonly path: string;
  readonly line: number;
  readonly side: 'LEFT' | 'RIGHT';
  readonly start_line?: number;
  readonly start_side?: 'LEFT' | 'RIGHT';
  readonly body: string;
}

export interface ComposedReview {
  readonly event: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT';
  readonly body: string;
  readonly comments: readonly ReviewComment[];
}

/** GitHub takes 65,536 characters. */
const MAX_BODY = 60_000;
const MAX_LISTED = 50;

export const eventOf = (verdict: Verdict): ComposedReview['event'] => EVENTS[verdict];

const EVENTS: Readonly<Record<Verdict, ComposedReview['event']>> = {
  approve: 'APPROVE',
  'request-changes': 'REQUEST_CHANGES',
  comment: 'COMMENT',
  'not-reviewed': 'COMMENT',
};

interface Ending {
  /** A hidden comment by which the review is found again. */
  readonly marker: string;
  readonly footer: string;
  /** What a maintainer has to do, in Markdown. */
  readonly notes: readonly string[];
}

/** Composes the review with the verdict: what has no line of its own in the text, and `inline` at its lines. */
export function composeReview(
  review: Review,
  { listed, open }: Layout,
  inline: readonly Keyed[],
  { marker, footer, notes }: Ending,
): ComposedReview {
  const shown = listed.slice(0, MAX_LISTED);
  const text = [
    `**${verdictWords(review.verdict)}.** ${plainMarkdown(review.because)}`,
    ...(review.summary === '' ? [] : [plainMarkdown(review.summary)]),
    ...notes,
    ...folded(
      'Still open',
      open.map(
        ({ finding, url }) =>
          `- **${finding.severity}** ${linkTo(placeWords(finding), url)} ${plainMarkdown(finding.message)}`,
      ),
    ),
    ...folded('Fixed, or not found again', (review.fixed ?? []).map(lineOf)),
    ...folded('More findings', [
      ...listed.map(({ finding }) => lineOf(finding)),
      ...review.unplaced.map(
        (each) => `- **${each.severity}** ${plainMarkdown(each.file)} ${plainMarkdown(each.message)}`,
      ),
    ]),
    ...folded(
      'Not read',
      review.leftOut.map(({ path, reason, detail }) => `- ${plainMarkdown(path)}: ${plainMarkdown(detail ?? reason)}`),
    ),
  ].join('\n\n');
  const endOf = (keyed: readonly Keyed[]): string => {
    const keys = keyed.length === 0 ? '' : `${listedMarker(keyed.map(({ key }) => key))}\n`;
    return `\n\n_${plainMarkdown(footer)}_\n\n${keys}${marker}`;
  };
  const fitting = fitted(text, MAX_BODY - endOf(shown).length);
  // What was cut off is not said, so the next review says it.
  const said = new Set(fitting.split('\n'));
  return {
    event: eventOf(review.verdict),
    body: fitting + endOf(shown.filter(({ finding }) => said.has(lineOf(finding)))),
    comments: inline.map(commentOf),
  };
}

const CUT = '\n\n</details>';

/** The whole lines that fit. A folded part that is cut is closed, since it would hide all that follows. */
function fitted(text: string, room: number): string {
  if (text.length <= room) return text;
  const cut = startOf(text, room - CUT.length);
  const whole = cut.slice(0, Math.max(0, cut.lastIndexOf('\n'))) || cut;
  return whole.lastIndexOf('<details>') > whole.lastIndexOf('</details>') ? whole + CUT : whole;
}

/** Composes the review of one specialist: its findings at their lines. The verdict follows in another one. */
export function composeSpecialist(agent: Specialist, inline: readonly Keyed[], marker: string): ComposedReview {
  const count = `${inline.length} finding${inline.length === 1 ? '' : 's'}`;
  return {
    event: 'COMMENT',
    body: `**${agent}**: ${count}. The verdict follows in a summary.\n\n${marker}`,
    comments: inline.map(commentOf),
  };
}

/** Composes the reply to the comment of a finding that did not come back. */
export function composeFixed({ stands }: FixedFinding, head: string, marker: string): string {
  const said = stands ? `Not found again in ${head}, though its lines are still there.` : `Fixed in ${head}.`;
  return `${said}\n\n${marker}`;
}

const placeWords = ({ file, line }: { readonly file: string; readonly line: number }): string => `${file}:${line}`;

const lineOf = (finding: Pick<FixedFinding, 'file' | 'line' | 'severity' | 'message'>): string =>
  `- **${finding.severity}** ${plainMarkdown(placeWords(finding))} ${plainMarkdown(finding.message)}`;

function commentOf({ finding, key }: Keyed): ReviewComment {
  const { file, side, startLine, line, severity, agent, also = [], message, suggestion } = finding;
  const suggested = suggestion !== undefined && side === 'RIGHT' ? [fenced('suggestion', suggestion)] : [];
  const body = [`**${severity}** (${[agent, ...also].join(', ')}) ${plainMarkdown(message)}`, ...suggested].join(
    '\n\n',
  );
  const range = startLine < line ? { start_line: startLine, start_side: side } : {};
  return { path: file, line, side, ...range, body: `${startOf(body, MAX_BODY)}\n\n${findingMarker(key)}` };
}

function folded(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > MAX_LISTED ? `\n- and ${lines.length - MAX_LISTED} more` : '';
  const shown = lines.slice(0, MAX_LISTED).join('\n');
  return [`<details><summary>${title} (${lines.length})</summary>\n\n${shown}${more}\n\n</details>`];
}
