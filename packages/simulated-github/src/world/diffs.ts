import { diffFiles, type DiffFile } from '../git/diff.ts';
import { listCommits, type CommitData } from '../git/read.ts';
import { gitMaybe } from '../git/run.ts';
import type { PullRequest, Repository } from './types.ts';

/** GitHub lists at most 3,000 files of a pull request. */
export const MAX_FILES = 3_000;

/** The empty tree: what a history without a common ancestor is compared with. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** A push storm must not keep every diff. */
const MAX_KEPT = 100;

const kept = new WeakMap<Repository, Map<string, Promise<unknown>>>();

/** Asks git once: what it says about commits never changes. An error is not kept. */
async function once<T>(repository: Repository, question: string, ask: () => Promise<T>): Promise<T> {
  const answers = kept.get(repository) ?? new Map<string, Promise<unknown>>();
  kept.set(repository, answers);
  const known = answers.get(question);
  if (known !== undefined) return known as Promise<T>;
  const answer = ask();
  answers.set(question, answer);
  answer.catch(() => answers.delete(question));
  const [oldest] = answers.keys();
  if (answers.size > MAX_KEPT && oldest !== undefined) answers.delete(oldest);
  return answer;
}

/** Compares two commits of a repository. */
export const filesBetween = async (repository: Repository, from: string, to: string): Promise<DiffFile[]> =>
  once(repository, `files ${from} ${to}`, async () => diffFiles(repository.path, from, to));

export const mergeBase = async (repository: Repository, base: string, head: string): Promise<string> =>
  once(
    repository,
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
  once(repository, `commits ${base.sha} ${head.sha}`, async () => listCommits(repository.path, base.sha, head.sha));

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
