import type { LeftOut } from '../change/changed-file.ts';
import type { Review } from '../findings/review.ts';

interface PullRequestRange {
  /** The range that was reviewed. */
  readonly target: { readonly base: string; readonly paths: readonly string[] };
  /** Where the pull request begins; null when the local repository lacks that commit. */
  readonly from: string | null;
  /** The files of the pull request. */
  readonly paths: readonly string[];
}

/**
 * The review as it may be posted. An approval holds for the whole pull request, so it becomes a comment when the reviewed
 * range begins elsewhere or lacks a file.
 */
export function asFarAsRead(review: Review, { target, from, paths }: PullRequestRange): Review {
  const known = new Set(target.paths);
  const missing = paths.filter((path) => !known.has(path));
  if (review.verdict !== 'approve' || (from === target.base && missing.length === 0)) return review;
  const begins = from === null ? 'at a commit that the local repository lacks' : `at ${from.slice(0, 12)}`;
  const because =
    from === target.base
      ? 'Not approved: the pull request has files that were not read.'
      : `Not approved: the pull request begins ${begins}, and the review at ${target.base.slice(0, 12)}.`;
  const unread: LeftOut[] = missing.map((path) => ({ path, reason: 'not-reviewed', detail: 'not in the range' }));
  return { ...review, verdict: 'comment', because, leftOut: [...review.leftOut, ...unread] };
}
