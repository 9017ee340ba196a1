import type { IssueComment, PullRequest, Review, ReviewComment, User } from '../world/types.ts';
import { isoTime, nodeId, type World } from '../world/world.ts';
import { apiUrl, htmlUrl } from './repository.ts';
import { appView, userView } from './user.ts';

/** Reviewers other than the author are members, and the app is a stranger, as GitHub shows it. */
export const associationOf = (pull: PullRequest, user: User): string => {
  if (user === pull.author) return pull.association;
  return user.type === 'Bot' ? 'NONE' : 'MEMBER';
};

const pullUrl = (world: World, { repository, number }: PullRequest): string =>
  `${apiUrl(world, repository)}/pulls/${number}`;
const pullHtml = (world: World, { repository, number }: PullRequest): string =>
  `${htmlUrl(world, repository)}/pull/${number}`;

export function reviewView(world: World, review: Review): Record<string, unknown> {
  const { id, pull, user, body, state, commit, submittedAt } = review;
  const html = `${pullHtml(world, pull)}#pullrequestreview-${id}`;
  return {
    id,
    node_id: nodeId('PRR', id),
    user: userView(world, user),
    body,
    state,
    html_url: html,
    pull_request_url: pullUrl(world, pull),
    author_association: associationOf(pull, user),
    _links: { html: { href: html }, pull_request: { href: pullUrl(world, pull) } },
    ...(submittedAt === null ? {} : { submitted_at: isoTime(submittedAt) }),
    commit_id: commit,
  };
}

const reactions = (url: string): Record<string, unknown> => ({
  url: `${url}/reactions`,
  total_count: 0,
  '+1': 0,
  '-1': 0,
  laugh: 0,
  hooray: 0,
  confused: 0,
  heart: 0,
  rocket: 0,
  eyes: 0,
});

/** A review comment. `line` is null once it is outdated, and `original_line` stays. */
export function commentView(world: World, comment: ReviewComment): Record<string, unknown> {
  const { id, review, user, original, current, subject, inReplyTo } = comment;
  const { pull } = review;
  const url = `${apiUrl(world, pull.repository)}/pulls/comments/${id}`;
  const html = `${pullHtml(world, pull)}#discussion_r${id}`;
  const lines =
    subject === 'file'
      ? {}
      : {
          start_line: current?.startLine ?? null,
          original_start_line: original?.startLine ?? null,
          start_side: original?.startSide ?? null,
          line: current?.line ?? null,
          original_line: original?.line ?? 1,
          side: original?.side ?? 'RIGHT',
        };
  return {
    url,
    pull_request_review_id: review.id,
    id,
    node_id: nodeId('PRRC', id),
    diff_hunk: comment.diffHunk,
    path: comment.path,
    commit_id: current === null ? comment.originalCommit : pull.head.sha,
    original_commit_id: comment.originalCommit,
    user: userView(world, user),
    body: comment.body,
    created_at: isoTime(comment.createdAt),
    updated_at: isoTime(comment.updatedAt),
    html_url: html,
    pull_request_url: pullUrl(world, pull),
    author_association: associationOf(pull, user),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pullUrl(world, pull) } },
    reactions: reactions(url),
    ...lines,
    ...(subject === 'file' ? {} : { position: current?.position ?? null, original_position: original?.position ?? 1 }),
    subject_type: subject,
    ...(inReplyTo === undefined ? {} : { in_reply_to_id: inReplyTo.id }),
  };
}

/** A comment as `GET …/reviews/{id}/comments` lists it: by its position, without its line. */
export function commentOfReviewView(world: World, comment: ReviewComment): Record<string, unknown> {
  const hidden = new Set([
    'line',
    'start_line',
    'start_side',
    'side',
    'subject_type',
    'original_start_line',
    'original_line',
  ]);
  const entries = Object.entries(commentView(world, comment)).filter(([name]) => !hidden.has(name));
  return { position: null, original_position: 1, ...Object.fromEntries(entries) };
}

export function issueCommentView(world: World, comment: IssueComment): Record<string, unknown> {
  const { id, pull, user } = comment;
  const url = `${apiUrl(world, pull.repository)}/issues/comments/${id}`;
  return {
    url,
    html_url: `${pullHtml(world, pull)}#issuecomment-${id}`,
    issue_url: `${apiUrl(world, pull.repository)}/issues/${pull.number}`,
    id,
    node_id: nodeId('IC', id),
    user: userView(world, user),
    created_at: isoTime(comment.createdAt),
    updated_at: isoTime(comment.updatedAt),
    body: comment.body,
    author_association: comment.association,
    reactions: reactions(url),
    performed_via_github_app: user.type === 'Bot' ? appView(world) : null,
  };
}

/** A pull request as an issue, in the webhook of a comment. */
export function issueView(world: World, pull: PullRequest): Record<string, unknown> {
  const url = `${apiUrl(world, pull.repository)}/issues/${pull.number}`;
  const html = pullHtml(world, pull);
  return {
    url,
    repository_url: apiUrl(world, pull.repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    number: pull.number,
    title: pull.title,
    user: userView(world, pull.author),
    labels: [],
    state: pull.state,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: pull.issueComments.size,
    created_at: isoTime(pull.createdAt),
    updated_at: isoTime(pull.updatedAt),
    closed_at: pull.closedAt === null ? null : isoTime(pull.closedAt),
    author_association: pull.association,
    active_lock_reason: null,
    draft: pull.draft,
    pull_request: {
      url: pullUrl(world, pull),
      html_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      merged_at: pull.mergedAt === null ? null : isoTime(pull.mergedAt),
    },
    body: pull.body,
    reactions: reactions(url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: null,
  };
}
