import { diffFiles, type DiffFile } from '../git/diff.ts';
import { listCommits, type CommitData } from '../git/read.ts';
import { remember } from '../git/remember.ts';
import { gitMaybe } from '../git/run.ts';
import type { PullRequest, Repository } from './types.ts';

/** GitHub lists at most 3,000 files of a pull request. */
export const MAX_FILES = 3_000;

/** The empty tree: what a history without a common ancestor is compared with. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** Compares two commits of a repository. */
export const filesBetween = async (repository: Repository, from: string, to: string): Promise<DiffFile[]> =>
  remember(repository.path, `files ${from} ${to}`, async () => diffFiles(repository.path, from, to));

export const mergeBase = async (repository: Repository, base: string, head: string): Promise<string> =>
  remember(
    repository.path,
    `base ${base} ${head}`,
    async () => (await gitMaybe(repository.path, ['merge-base', base, head])) ?? EMPTY_TREE,
  );

/** The files of a pull request at one of its commits: the change since its branch left the base. */
export async function pullFiles(pull: PullRequest, commit = pull.head.sha): Promise<DiffFile[]> {
  const { repository, base } = pull;
  return filesBetween(repository, await mergeBase(repository, base.sha, commit), commit);
}

/** The commits of a pull request, oldest first. */
export const pullCommits = async ({ repository, base, head }: PullRequest): Promise<CommitData[]> =>
  remember(repository.path, `commits ${base.sha} ${head.sha}`, async () =>
    listCommits(repository.path, base.sha, head.sha),
  );

/** The numbers that a pull request shows: commits, files and changed lines. */
export async function pullStats(
  pull: PullRequest,
): Promise<{ commits: number; additions: number; deletions: number; changed_files: number }> {
  const [files, commits] = await Promise.all([pullFiles(pull), pullCommits(pull)]);
  const sum = (field: 'additions' | 'deletions'): number => files.reduce((total, file) => total + file[field], 0);
  return {
    commits: commits.length,
    additions: sum('additions'),
    deletions: sum('deletions'),
    changed_files: files.length,
  };
}
