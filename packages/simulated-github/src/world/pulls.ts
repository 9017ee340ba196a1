import { createCommit, type FileContent } from '../git/commit.ts';
import { isBranchName } from '../git/names.ts';
import { resolveCommit } from '../git/read.ts';
import { git, gitLine } from '../git/run.ts';
import { sendPullEvent } from '../webhooks/events.ts';
import { relocate } from './anchors.ts';
import { branchHead, fullName, repositoryOf } from './repositories.ts';
import type { Association, PullRequest, Repository, User } from './types.ts';
import type { World } from './world.ts';

export interface NewPullRequest {
  /** Full name of the repository that the pull request is for. */
  readonly repository: string;
  /** The branch with the change, or `fork-owner/name:branch` for a branch of a fork. */
  readonly head: string;
  /** @default the default branch */
  readonly base?: string;
  readonly title: string;
  readonly body?: string;
  readonly draft?: boolean;
  /** @default 'octocat' */
  readonly author?: string;
  /** @default 'MEMBER', and 'CONTRIBUTOR' for a fork */
  readonly association?: Association;
}

export async function openPullRequest(world: World, wanted: NewPullRequest): Promise<PullRequest> {
  const repository = repositoryOf(world, wanted.repository);
  const [fork, branch = ''] = wanted.head.includes(':') ? wanted.head.split(':', 2) : [undefined, wanted.head];
  const source = fork === undefined ? repository : repositoryOf(world, fork);
  const base = wanted.base ?? repository.defaultBranch;
  const [headSha, baseSha] = await Promise.all([branchHead(source, branch), branchHead(repository, base)]);
  if (headSha === undefined) throw new Error(`${fullName(source)} has no branch "${branch}".`);
  if (baseSha === undefined) throw new Error(`${fullName(repository)} has no branch "${base}".`);
  const now = world.now();
  const number = repository.pulls.size + 1;
  const pull: PullRequest = {
    id: world.newId(),
    number,
    repository,
    head: { repository: source, branch, sha: headSha },
    base: { branch: base, sha: baseSha },
    author: world.user(wanted.author ?? 'octocat'),
    association: wanted.association ?? (fork === undefined ? 'MEMBER' : 'CONTRIBUTOR'),
    title: wanted.title,
    body: wanted.body ?? null,
    draft: wanted.draft ?? false,
    state: 'open',
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    mergedAt: null,
    mergeCommit: null,
    reviews: new Map(),
    comments: new Map(),
    issueComments: new Map(),
    writers: new Set(),
  };
  repository.pulls.set(number, pull);
  await keepHead(pull);
  await sendPullEvent(world, pull, 'opened');
  return pull;
}

/** Fetches the head into the repository of the pull request, as `refs/pull/N/head`, so that it outlives its branch. */
async function keepHead({ repository, head, number }: PullRequest): Promise<void> {
  const ref = `refs/pull/${number}/head`;
  if (head.repository === repository) await git(repository.path, ['update-ref', ref, head.sha]);
  else
    await git(repository.path, ['fetch', '--quiet', '--', head.repository.path, `+refs/heads/${head.branch}:${ref}`]);
}

export interface Push {
  readonly repository: string;
  readonly branch: string;
  /** Files to write, by path. `null` removes a file. */
  readonly files: Readonly<Record<string, FileContent | null>>;
  /** @default 'Update N files' */
  readonly message?: string;
  /** @default 'octocat' */
  readonly author?: string;
  /** The branch, tag or commit to build on. Another one than the branch's head is a forced push. @default the branch */
  readonly onto?: string;
}

/** Commits files to a branch and updates the pull requests that the branch belongs to. Returns the commit's SHA. */
export async function push(world: World, wanted: Push): Promise<string> {
  const repository = repositoryOf(world, wanted.repository);
  return inTurn(repository, async () => commitTo(world, repository, wanted));
}

async function commitTo(world: World, repository: Repository, wanted: Push): Promise<string> {
  const { branch, files, author = 'octocat' } = wanted;
  if (!isBranchName(branch)) throw new Error(`"${branch}" is not a valid branch.`);
  const message = wanted.message ?? `Update ${Object.keys(files).length} files`;
  const parent =
    wanted.onto === undefined
      ? ((await branchHead(repository, branch)) ?? (await branchHead(repository, repository.defaultBranch)))
      : await resolveCommit(repository.path, wanted.onto);
  if (wanted.onto !== undefined && parent === undefined) throw new Error(`There is no commit "${wanted.onto}".`);
  const sha = await createCommit(repository.path, { author, branch, files, message, parent, time: world.now() });
  await update(world, repository, world.user(author));
  return sha;
}

/** Runs a push after those before it: two at once would build on the same commit, and one would be lost. */
async function inTurn<T>(repository: Repository, push: () => Promise<T>): Promise<T> {
  const turn = repository.pushed.then(push);
  repository.pushed = turn.catch(() => undefined);
  return turn;
}

/** Points a branch at a commit that the repository has: a forced push, e.g. back to an old commit. */
export async function resetBranch(world: World, name: string, branch: string, to: string): Promise<void> {
  const repository = repositoryOf(world, name);
  const sha = await resolveCommit(repository.path, to);
  if (sha === undefined || !isBranchName(branch)) throw new Error(`There is no commit "${to}" or branch "${branch}".`);
  await inTurn(repository, async () => {
    await git(repository.path, ['update-ref', `refs/heads/${branch}`, sha]);
    await update(world, repository, undefined);
  });
}

/** Reads the branches again, e.g. after `git push` into the folder, and updates the open pull requests of those that moved. */
export const refresh = async (world: World, repository: Repository): Promise<void> =>
  inTurn(repository, async () => update(world, repository, undefined));

/** Without a sender, the pull request's author pushed. */
async function update(world: World, repository: Repository, sender: User | undefined): Promise<void> {
  repository.pushedAt = world.now();
  for (const pull of world.pulls()) {
    if (pull.head.repository !== repository || pull.state === 'closed') continue;
    const after = await branchHead(repository, pull.head.branch);
    const before = pull.head.sha;
    if (after === undefined || after === before) continue;
    pull.head.sha = after;
    pull.base.sha = (await branchHead(pull.repository, pull.base.branch)) ?? pull.base.sha;
    pull.updatedAt = world.now();
    await keepHead(pull);
    await relocate(pull);
    await sendPullEvent(world, pull, 'synchronize', { more: { before, after }, sender });
  }
}

/** Pushes an empty commit to the head of a pull request, as somebody does while a review runs. */
export async function moveHead(world: World, pull: PullRequest): Promise<void> {
  const { repository, branch } = pull.head;
  const message = 'Move the head';
  await push(world, { repository: fullName(repository), branch, files: {}, message });
}

/** Closes a pull request, merged into its base or not. */
export async function closePullRequest(world: World, pull: PullRequest, merge: boolean): Promise<void> {
  if (pull.state === 'closed') throw new Error(`Pull request ${pull.number} is closed already.`);
  if (merge) await mergePull(world, pull);
  pull.state = 'closed';
  pull.closedAt = pull.updatedAt = world.now();
  await sendPullEvent(world, pull, 'closed');
}

async function mergePull(world: World, pull: PullRequest): Promise<void> {
  const { path } = pull.repository;
  const base = (await branchHead(pull.repository, pull.base.branch)) ?? pull.base.sha;
  const tree = await gitLine(path, ['merge-tree', '--write-tree', base, pull.head.sha]);
  const message = `Merge pull request #${pull.number}`;
  const who = { GIT_AUTHOR_NAME: 'octocat', GIT_AUTHOR_EMAIL: 'octocat@users.noreply.github.com' };
  const environment = { ...who, GIT_COMMITTER_NAME: 'GitHub', GIT_COMMITTER_EMAIL: 'noreply@github.com' };
  const command = ['commit-tree', tree, '-p', base, '-p', pull.head.sha, '-m', message];
  const merged = await gitLine(path, command, { environment });
  await git(path, ['update-ref', `refs/heads/${pull.base.branch}`, merged]);
  pull.mergedAt = world.now();
  pull.mergeCommit = merged;
}

export async function reopenPullRequest(world: World, pull: PullRequest): Promise<void> {
  if (pull.state === 'open' || pull.mergedAt !== null)
    throw new Error(`Pull request ${pull.number} cannot be reopened.`);
  pull.state = 'open';
  pull.closedAt = null;
  pull.updatedAt = world.now();
  await sendPullEvent(world, pull, 'reopened');
}

export async function setDraft(world: World, pull: PullRequest, draft: boolean): Promise<void> {
  if (pull.draft === draft) return;
  pull.draft = draft;
  pull.updatedAt = world.now();
  await sendPullEvent(world, pull, draft ? 'converted_to_draft' : 'ready_for_review');
}

export interface PullRequestEdit {
  readonly title?: string;
  readonly body?: string;
  readonly base?: string;
}

export async function editPullRequest(world: World, pull: PullRequest, edit: PullRequestEdit): Promise<void> {
  const changes: Record<string, unknown> = {};
  if (edit.title !== undefined) changes['title'] = { from: pull.title };
  if (edit.body !== undefined) changes['body'] = { from: pull.body ?? '' };
  if (edit.base !== undefined) {
    const sha = await branchHead(pull.repository, edit.base);
    if (sha === undefined) throw new Error(`${fullName(pull.repository)} has no branch "${edit.base}".`);
    changes['base'] = { ref: { from: pull.base.branch }, sha: { from: pull.base.sha } };
    pull.base = { branch: edit.base, sha };
  }
  pull.title = edit.title ?? pull.title;
  pull.body = edit.body ?? pull.body;
  pull.updatedAt = world.now();
  await relocate(pull);
  await sendPullEvent(world, pull, 'edited', { more: { changes } });
}
