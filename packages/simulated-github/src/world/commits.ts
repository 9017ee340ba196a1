import { isSha } from '../git/names.ts';
import { pullCommits } from './diffs.ts';
import type { PullRequest } from './types.ts';

/** Whether a commit is part of a pull request. A commit that a forced push took away no longer is. */
export async function isCommitOf(pull: PullRequest, commit: string): Promise<boolean> {
  if (commit === pull.head.sha) return true;
  return isSha(commit) && (await pullCommits(pull)).some(({ sha }) => sha === commit);
}
