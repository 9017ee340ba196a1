import { pullStats } from '../world/diffs.ts';
import type { PullRequest, Repository } from '../world/types.ts';
import { isoTime, nodeId, type World } from '../world/world.ts';
import { apiUrl, htmlUrl, repositoryView } from './repository.ts';
import { userView } from './user.ts';

export const maybeTime = (time: number | null): string | null => (time === null ? null : isoTime(time));

const isThere = (world: World, repository: Repository): boolean =>
  [...world.repositories.values()].includes(repository);

function sideView(world: World, repository: Repository, branch: string, sha: string): Record<string, unknown> {
  return {
    label: `${repository.owner.login}:${branch}`,
    ref: branch,
    sha,
    user: userView(world, repository.owner),
    // A fork can be deleted while its pull request is open.
    repo: isThere(world, repository) ? repositoryView(world, repository) : null,
  };
}

const href = (url: string): { href: string } => ({ href: url });

/** A pull request as lists show it. */
export function pullView(world: World, pull: PullRequest): Record<string, unknown> {
  const { repository, number, head, base } = pull;
  const [api, html] = [apiUrl(world, repository), htmlUrl(world, repository)];
  const [self, issue] = [`${api}/pulls/${number}`, `${api}/issues/${number}`];
  const links = {
    self,
    html: `${html}/pull/${number}`,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${self}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
    commits: `${self}/commits`,
    statuses: `${api}/statuses/${head.sha}`,
  };
  return {
    url: self,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: links.html,
    diff_url: `${links.html}.diff`,
    patch_url: `${links.html}.patch`,
    issue_url: issue,
    number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: userView(world, pull.author),
    body: pull.body,
    created_at: isoTime(pull.createdAt),
    updated_at: isoTime(pull.updatedAt),
    closed_at: maybeTime(pull.closedAt),
    merged_at: maybeTime(pull.mergedAt),
    merge_commit_sha: pull.mergeCommit,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: [],
    milestone: null,
    draft: pull.draft,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    head: sideView(world, head.repository, head.branch, head.sha),
    base: sideView(world, repository, base.branch, base.sha),
    _links: Object.fromEntries(Object.entries(links).map(([name, url]) => [name, href(url)])),
    author_association: pull.association,
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** A pull request with its numbers, as `GET …/pulls/{n}` and webhooks show it. */
export async function fullPullView(world: World, pull: PullRequest): Promise<Record<string, unknown>> {
  const shown = [...pull.comments.values()].filter(({ review }) => review.state !== 'PENDING');
  const merged = pull.mergedAt !== null;
  return {
    ...pullView(world, pull),
    merged,
    mergeable: merged ? null : true,
    rebaseable: merged ? null : true,
    mergeable_state: merged ? 'unknown' : 'clean',
    merged_by: merged ? userView(world, world.user('octocat')) : null,
    comments: pull.issueComments.size,
    review_comments: shown.length,
    maintainer_can_modify: pull.head.repository !== pull.repository,
    ...(await pullStats(pull)),
  };
}
