import { checkRunsOf, decisionOf } from '../handles.ts';
import { MAX_FILES, pullFiles } from '../world/diffs.ts';
import { fullName } from '../world/repositories.ts';
import type { CheckRun, PullRequest, Review, User } from '../world/types.ts';
import { anchorOf, fileCard, person, visibleComments, when } from './diff.ts';
import { html, type Markup } from './html.ts';
import { markdown } from './markdown.ts';

type Tone = 'good' | 'bad' | 'wait' | 'merged' | '';

export function stateBadge({ state, draft, mergedAt }: PullRequest): Markup {
  const [text, tone]: [string, Tone] =
    mergedAt !== null
      ? ['Merged', 'merged']
      : state === 'closed'
        ? ['Closed', 'bad']
        : draft
          ? ['Draft', '']
          : ['Open', 'good'];
  return html`<span class="badge ${tone}">${text}</span>`;
}

const DECISIONS = {
  APPROVED: ['Approved', 'good'],
  CHANGES_REQUESTED: ['Changes requested', 'bad'],
  REVIEW_REQUIRED: ['No verdict yet', 'wait'],
} as const;

const VERBS: Readonly<Record<Review['state'], readonly [string, Tone]>> = {
  APPROVED: ['approved these changes', 'good'],
  CHANGES_REQUESTED: ['requested changes', 'bad'],
  COMMENTED: ['reviewed', ''],
  DISMISSED: ['left a review that was dismissed', 'wait'],
  PENDING: ['began a review', 'wait'],
};

/** The page of a pull request: conversation, checks, and the diff with the comments in place. */
export async function pullPage(pull: PullRequest): Promise<Markup> {
  const files = (await pullFiles(pull)).slice(0, MAX_FILES);
  const comments = visibleComments(pull);
  const shown = new Set(files.flatMap(({ filename, previous }) => [filename, previous]));
  const lost = comments.filter(({ path }) => !shown.has(path));
  const sum = (field: 'additions' | 'deletions'): number => files.reduce((total, file) => total + file[field], 0);
  const [decision, tone] = DECISIONS[decisionOf(pull)];
  return html`<h1>${pull.title} <span class="number">#${pull.number}</span></h1>
    <p>
      ${stateBadge(pull)} &nbsp; ${person(pull.author)} wants to merge
      <code class="branch">${headName(pull)}</code> into <code class="branch">${pull.base.branch}</code> &nbsp;
      <span class="state ${tone}">${decision}</span>
    </p>
    ${timeline(pull)} ${checks(checkRunsOf(pull))}
    <h2>
      ${files.length} changed files <span class="plus">+${sum('additions')}</span>
      <span class="minus">−${sum('deletions')}</span> <span class="muted">${comments.length} comments</span>
    </h2>
    ${files.length > 8 ? contents(files, comments) : ''}
    ${lost.length > 0 ? html`<p class="muted">${lost.length} comments are on files that are no longer in the diff.</p>` : ''}
    ${files.map((file) =>
      fileCard(
        file,
        comments.filter(({ path }) => path === file.filename || path === file.previous),
      ),
    )}`;
}

const headName = ({ head, repository }: PullRequest): string =>
  head.repository === repository ? head.branch : `${fullName(head.repository)}:${head.branch}`;

/** The files with comments first: what a reader of a large pull request looks for. */
function contents(
  files: readonly { readonly filename: string }[],
  comments: readonly { readonly path: string }[],
): Markup {
  const counted = files
    .map(({ filename }) => ({ filename, count: comments.filter(({ path }) => path === filename).length }))
    .filter(({ count }) => count > 0);
  const items = counted.map(
    ({ filename, count }) =>
      html`<li>
        <a href="#${anchorOf(filename)}"><code>${filename}</code></a> <span class="muted">${count}</span>
      </li>`,
  );
  return items.length === 0
    ? html``
    : html`<section class="card">
        <ul class="list">
          ${items}
        </ul>
      </section>`;
}

function entry(id: string, user: User, head: Markup, time: number, body: string): Markup {
  const text = body.trim() === '' ? '' : html`<div class="body">${markdown(body)}</div>`;
  return html`<section class="card" id="${id}">
    <header>${person(user)} ${head} ${when(time)}</header>
    ${text}
  </section>`;
}

/** The description, the comments and the reviews, by time. A review without text shows in the diff only. */
function timeline(pull: PullRequest): Markup[] {
  const count = (review: Review): number =>
    [...pull.comments.values()].filter((comment) => comment.review === review && comment.inReplyTo === undefined)
      .length;
  const reviews = [...pull.reviews.values()]
    .filter(({ state, body }) => state !== 'PENDING' && (body !== '' || state !== 'COMMENTED'))
    .map((review) => {
      const [verb, tone] = VERBS[review.state];
      const comments = count(review);
      const head = html`<span class="state ${tone}">${verb}</span
        >${comments > 0 ? html` <span class="muted">with ${comments} comments</span>` : ''}`;
      const time = review.submittedAt ?? 0;
      return {
        time,
        id: review.id,
        card: entry(`pullrequestreview-${review.id}`, review.user, head, time, review.body),
      };
    });
  const others = [...pull.issueComments.values()].map(({ id, user, createdAt, body }) => ({
    time: createdAt,
    id,
    card: entry(`issuecomment-${id}`, user, html`commented`, createdAt, body),
  }));
  const first = entry('description', pull.author, html`opened this pull request`, pull.createdAt, pull.body ?? '');
  const later = [...reviews, ...others].sort((a, b) => a.time - b.time || a.id - b.id);
  return [first, ...later.map(({ card }) => card)];
}

function checks(runs: readonly CheckRun[]): Markup | '' {
  if (runs.length === 0) return '';
  const tone = ({ status, conclusion }: CheckRun): Tone => {
    if (status !== 'completed') return 'wait';
    if (conclusion === 'success') return 'good';
    return conclusion === 'failure' || conclusion === 'timed_out' || conclusion === 'action_required' ? 'bad' : '';
  };
  const items = runs.map(
    (run) =>
      html`<li>
        <span class="state ${tone(run)}">${(run.conclusion ?? run.status).replaceAll('_', ' ')}</span>
        <div class="grow">
          <b>${run.name}</b> <span class="muted">${run.output.title ?? ''}</span>${
            run.output.summary === null ? '' : html`<div class="body">${markdown(run.output.summary)}</div>`
          }
        </div>
      </li>`,
  );
  return html`<h2>Checks</h2>
    <section class="card">
      <ul class="list checks">
        ${items}
      </ul>
    </section>`;
}
