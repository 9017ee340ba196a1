import { createHash } from 'node:crypto';
import { fragment, raw, type Fragment } from '#core/text/markup.ts';
import type { Plan } from '../../change/plan.ts';
import type { Review } from '../../findings/review.ts';
import type { ReviewFacts } from '../review-json.ts';
import { verdictWords } from '../words.ts';
import { fileSection, type Entry } from './file-section.ts';
import { STYLES } from './styles.ts';

export interface ReviewPage {
  readonly review: Review;
  readonly plan: Pick<Plan, 'files'>;
  readonly facts: ReviewFacts;
  readonly title: string;
}

/**
 * Returns review.html: the verdict, the findings and the diff with the findings at their lines. The file loads nothing
 * from elsewhere and has no script, whatever the change contains.
 */
export function reviewHtml({ review, plan, facts, title }: ReviewPage): string {
  const entries = review.findings.map((finding, at): Entry => ({ id: `f${at + 1}`, finding }));
  const byFile = Map.groupBy(entries, ({ finding }) => finding.file);
  const files = plan.files.toSorted((a, b) => Number(byFile.has(b.path)) - Number(byFile.has(a.path)));
  return fragment`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Review: ${title}</title>
<style>${raw(STYLES)}</style></head>
<body><main>
${header(review, facts, title)}${findingList(entries)}${unplacedList(review)}${leftOutList(review)}
<h2>Changed files</h2>
${files.map((file) => fileSection(file, byFile.get(file.path) ?? []))}
</main></body></html>
`.markup;
}

/** A second line of defence if escaping ever fails: the browser applies only this style sheet, and runs nothing. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLES).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function header(
  { verdict, because, summary }: Review,
  { base, head, spent, simulated }: ReviewFacts,
  title: string,
): Fragment {
  const notice =
    simulated &&
    fragment`<p class="notice">A simulated model answered, using fixed rules. The page shows how a review works, not what Claude would find. Nothing was charged.</p>`;
  return fragment`<header><h1>${title}</h1>
<p class="dim">${base.slice(0, 12)}…${head.slice(0, 12)}</p>
<p class="verdict ${verdict}">${verdictWords(verdict)}</p>
<p>${because}</p>${summary !== '' && fragment`<p>${summary}</p>`}${notice}
<p class="dim">${spent.tokens.toLocaleString('en-US')} tokens, $${spent.usd.toFixed(4)}</p></header>
`;
}

const findingList = (entries: readonly Entry[]): Fragment =>
  entries.length === 0
    ? fragment`<h2>Findings</h2><p>None.</p>`
    : fragment`<h2>Findings (${entries.length})</h2><ol class="list">${entries.map(
        ({ id, finding: { severity, file, line, message } }) =>
          fragment`<li><span class="tag ${severity}">${severity}</span> <a href="#${id}">${file}:${line}</a> ${message}</li>`,
      )}</ol>`;

const unplacedList = ({ unplaced }: Review): Fragment | false =>
  unplaced.length > 0 &&
  fragment`<h2>About lines that are not in the diff</h2><ul class="list">${unplaced.map(
    ({ severity, file, message }) =>
      fragment`<li><span class="tag ${severity}">${severity}</span> ${file}: ${message}</li>`,
  )}</ul>`;

const leftOutList = ({ leftOut }: Review): Fragment | false =>
  leftOut.length > 0 &&
  fragment`<h2>Not read (${leftOut.length})</h2><ul class="list">${leftOut.map(
    ({ path, reason, detail }) => fragment`<li>${path} <span class="dim">${detail ?? reason}</span></li>`,
  )}</ul>`;
