import { startOf } from '#core/text/text.ts';
import type { ChangedFile } from '../change/changed-file.ts';
import { linesOf, numberOn } from '../change/hunk.ts';
import type { ReviewedFinding } from '../findings/merge.ts';
import type { Review } from '../findings/review.ts';
import type { Verdict } from '../findings/verdict.ts';
import { verdictWords } from '../report/words.ts';
import { fenced, plainMarkdown } from './plain-markdown.ts';

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

/** Comments at lines of one review. GitHub has rejected reviews of more than 30 as abuse, and people read few. */
const MAX_INLINE = 10;
/** GitHub takes 65,536 characters. */
const MAX_BODY = 60_000;
const MAX_LISTED = 50;

const EVENTS: Readonly<Record<Verdict, ComposedReview['event']>> = {
  approve: 'APPROVE',
  'request-changes': 'REQUEST_CHANGES',
  comment: 'COMMENT',
  'not-reviewed': 'COMMENT',
};

/**
 * Composes a review for GitHub: the strongest findings at their lines, all others in the text.
 * @param files the diff as GitHub shows it: a comment outside it makes GitHub reject the whole review
 * @param marker a hidden comment by which the review is found again
 */
export function composeReview(
  review: Review,
  files: readonly ChangedFile[],
  { marker, footer }: { readonly marker: string; readonly footer: string },
): ComposedReview {
  const inline = review.findings.filter((finding) => isInDiff(finding, files)).slice(0, MAX_INLINE);
  const rest = review.findings.filter((finding) => !inline.includes(finding));
  const others = [
    ...rest.map(
      ({ severity, file, line, message }) =>
        `- **${severity}** ${plainMarkdown(`${file}:${line}`)} ${plainMarkdown(message)}`,
    ),
    ...review.unplaced.map(
      ({ severity, file, message }) => `- **${severity}** ${plainMarkdown(file)} ${plainMarkdown(message)}`,
    ),
  ];
  const unread = review.leftOut.map(
    ({ path, reason, detail }) => `- ${plainMarkdown(path)}: ${plainMarkdown(detail ?? reason)}`,
  );
  const text = [
    `**${verdictWords(review.verdict)}.** ${plainMarkdown(review.because)}`,
    ...(review.summary === '' ? [] : [plainMarkdown(review.summary)]),
    ...folded('More findings', others),
    ...folded('Not read', unread),
  ].join('\n\n');
  const end = `\n\n_${plainMarkdown(footer)}_\n\n${marker}`;
  return {
    event: EVENTS[review.verdict],
    body: startOf(text, MAX_BODY - end.length) + end,
    comments: inline.map(commentOf),
  };
}

/**
 * Whether all lines of a finding are in one hunk of the diff, on its side, with the quoted text: GitHub may compare with
 * another base, where removed lines have other numbers.
 */
function isInDiff({ file, side, startLine, line, quote }: ReviewedFinding, files: readonly ChangedFile[]): boolean {
  const [first = ''] = quote.split('\n');
  const hunks = files.find(({ path }) => path === file)?.hunks ?? [];
  return hunks.some((hunk) => {
    const texts = new Map(linesOf(hunk).map((each) => [numberOn(each, side), each.text]));
    return texts.has(line) && texts.get(startLine)?.includes(first) === true;
  });
}

function commentOf(finding: ReviewedFinding): ReviewComment {
  const { file, side, startLine, line, severity, agent, message, suggestion } = finding;
  const suggested = suggestion !== undefined && side === 'RIGHT' ? [fenced('suggestion', suggestion)] : [];
  const body = [`**${severity}** (${agent}) ${plainMarkdown(message)}`, ...suggested].join('\n\n');
  const range = startLine < line ? { start_line: startLine, start_side: side } : {};
  return { path: file, line, side, ...range, body: startOf(body, MAX_BODY) };
}

function folded(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > MAX_LISTED ? `\n- and ${lines.length - MAX_LISTED} more` : '';
  const shown = lines.slice(0, MAX_LISTED).join('\n');
  return [`<details><summary>${title} (${lines.length})</summary>\n\n${shown}${more}\n\n</details>`];
}
