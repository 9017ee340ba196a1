import type { CommitData } from '../git/read.ts';
import type { CheckRun, PullRequest } from '../world/types.ts';
import { isoTime, nodeId, type World } from '../world/world.ts';
import { maybeTime } from './pull.ts';
import { apiUrl, htmlUrl } from './repository.ts';
import { appView } from './user.ts';

/** The open pull requests whose head is the commit of a check run. A fork's pull request is not among them. */
const pullsAt = ({ repository, headSha }: CheckRun): PullRequest[] =>
  [...repository.pulls.values()].filter(
    ({ state, head }) => state === 'open' && head.sha === headSha && head.repository === repository,
  );

function minimalPull(world: World, { id, number, repository, head, base }: PullRequest): Record<string, unknown> {
  const repo = { id: repository.id, url: apiUrl(world, repository), name: repository.name };
  return {
    url: `${apiUrl(world, repository)}/pulls/${number}`,
    id,
    number,
    head: { ref: head.branch, sha: head.sha, repo },
    base: { ref: base.branch, sha: base.sha, repo },
  };
}

/** A check run as the API returns it, or with its whole check suite as webhooks carry it. */
export function checkRunView(
  world: World,
  run: CheckRun,
  form: 'answer' | 'event' = 'answer',
): Record<string, unknown> {
  const { id, repository, headSha, status, conclusion, output } = run;
  const url = `${apiUrl(world, repository)}/check-runs/${id}`;
  const html = `${htmlUrl(world, repository)}/runs/${id}`;
  const pulls = pullsAt(run).map((pull) => minimalPull(world, pull));
  return {
    id,
    name: run.name,
    node_id: nodeId('CR', id),
    head_sha: headSha,
    external_id: run.externalId,
    url,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status,
    conclusion,
    started_at: isoTime(run.startedAt),
    completed_at: maybeTime(run.completedAt),
    output: {
      ...output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: form === 'answer' ? { id: run.suiteId } : suiteView(world, run, pulls),
    app: appView(world),
    pull_requests: pulls,
  };
}

function suiteView(world: World, run: CheckRun, pulls: readonly unknown[]): Record<string, unknown> {
  const { suiteId, repository, headSha, status, conclusion, startedAt } = run;
  return {
    id: suiteId,
    node_id: nodeId('CS', suiteId),
    head_branch: pullsAt(run)[0]?.head.branch ?? repository.defaultBranch,
    head_sha: headSha,
    status,
    conclusion,
    url: `${apiUrl(world, repository)}/check-suites/${suiteId}`,
    before: headSha,
    after: headSha,
    pull_requests: pulls,
    app: appView(world),
    created_at: isoTime(startedAt),
    updated_at: isoTime(startedAt),
  };
}

/** A check suite that is to run again, as its webhook carries it. Nobody pushed the head of a fork to its repository. */
export function checkSuiteView(world: World, run: CheckRun, head: CommitData): Record<string, unknown> {
  const pulls = pullsAt(run);
  const isForeign = pulls.length === 0;
  return {
    ...suiteView(
      world,
      run,
      pulls.map((pull) => minimalPull(world, pull)),
    ),
    ...(isForeign && { head_branch: null, before: null, after: null }),
    status: 'queued',
    conclusion: null,
    latest_check_runs_count: 1,
    check_runs_url: `${apiUrl(world, run.repository)}/check-suites/${run.suiteId}/check-runs`,
    head_commit: headCommit(head),
  };
}

const headCommit = ({ sha, tree, message, date, name, email }: CommitData): Record<string, unknown> => ({
  id: sha,
  tree_id: tree,
  message,
  timestamp: date,
  author: { name, email },
  committer: { name, email },
});
