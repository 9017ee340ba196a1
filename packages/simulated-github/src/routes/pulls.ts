import { diffText, MAX_DIFF_LINES } from '../git/diff.ts';
import { ApiError } from '../http/api-error.ts';
import { listAnswer, oneOf } from '../http/pages.ts';
import { pullOf, repositoryRoutes, type Answer, type RepositoryCall, type Route } from '../http/route.ts';
import { commitView, fileView } from '../views/file.ts';
import { fullPullView, pullView } from '../views/pull.ts';
import { MAX_FILES, mergeBase, pullCommits, pullFiles } from '../world/diffs.ts';
import type { PullRequest } from '../world/types.ts';

const MAX_DIFF_FILES = 300;

function listPulls(call: RepositoryCall): Answer {
  const state = oneOf(call, 'state', ['open', 'closed', 'all'], 'open');
  const sort = oneOf(call, 'sort', ['created', 'updated', 'popularity', 'long-running'], 'created');
  const direction = oneOf(call, 'direction', ['asc', 'desc'], 'desc');
  const [head, base] = [call.query.get('head'), call.query.get('base')];
  const key = (pull: PullRequest): number => (sort === 'updated' ? pull.updatedAt : pull.number);
  const found = [...call.repository.pulls.values()]
    .filter((pull) => state === 'all' || pull.state === state)
    .filter((pull) => head === null || `${pull.head.repository.owner.login}:${pull.head.branch}` === head)
    .filter((pull) => base === null || pull.base.branch === base)
    .sort((a, b) => (key(a) - key(b)) * (direction === 'asc' ? 1 : -1));
  return listAnswer(call, found, (pull) => pullView(call.world, pull));
}

async function getPull(call: RepositoryCall): Promise<Answer> {
  const pull = pullOf(call);
  if (/application\/vnd\.github\.(v3\.)?diff/.test(call.accept)) return diffAnswer(pull);
  return { status: 200, json: await fullPullView(call.world, pull) };
}

/** The whole diff as text: GitHub rejects a large one. */
async function diffAnswer(pull: PullRequest): Promise<Answer> {
  const files = await pullFiles(pull);
  const tooLarge = (field: string, limit: string): ApiError =>
    new ApiError(406, `Sorry, the diff exceeded the maximum number of ${limit}.`, {
      errors: [{ resource: 'PullRequest', field, code: 'too_large' }],
    });
  if (files.length > MAX_DIFF_FILES) {
    const hint = "Consider using 'List pull requests files' API or locally cloning the repository instead.";
    throw tooLarge('diff', `files (${MAX_DIFF_FILES}). ${hint}`);
  }
  const lines = files.flatMap(({ hunks }) => hunks).reduce((sum, hunk) => sum + hunk.lines.length, 0);
  if (lines > MAX_DIFF_LINES) throw tooLarge('diff', `lines (${MAX_DIFF_LINES})`);
  const { repository, base, head } = pull;
  const content = await diffText(repository.path, await mergeBase(repository, base.sha, head.sha), head.sha);
  return { status: 200, bytes: { type: 'application/vnd.github.diff; charset=utf-8', content } };
}

async function listFiles(call: RepositoryCall): Promise<Answer> {
  const pull = pullOf(call);
  const files = (await pullFiles(pull)).slice(0, MAX_FILES);
  const at = { repository: pull.head.repository, commit: pull.head.sha };
  const withoutPatch = call.fault?.fault === 'missing-patch';
  return listAnswer(call, files, (file) =>
    fileView(call.world, at, withoutPatch ? { ...file, patch: undefined } : file),
  );
}

async function listCommitsOf(call: RepositoryCall): Promise<Answer> {
  const commits = (await pullCommits(pullOf(call))).slice(0, 250);
  return listAnswer(call, commits, (commit) => commitView(call.world, call.repository, commit));
}

const route = repositoryRoutes('pulls/pulls', 'pull_requests');

export const pullRoutes: readonly Route[] = [
  route('GET', '/pulls', 'list-pull-requests', listPulls),
  route('GET', '/pulls/{number}', 'get-a-pull-request', getPull),
  route('GET', '/pulls/{number}/files', 'list-pull-requests-files', listFiles),
  route('GET', '/pulls/{number}/commits', 'list-commits-on-a-pull-request', listCommitsOf),
];
