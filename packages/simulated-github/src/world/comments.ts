import { z } from 'zod';
import type { DiffFile } from '../git/diff.ts';
import { ApiError, unprocessable, validationFailed } from '../http/api-error.ts';
import { placeAnchor, type AnchorProblem, type PlacedAnchor } from './anchors.ts';
import type { Review, ReviewComment } from './types.ts';
import type { World } from './world.ts';

const sideSchema = z.enum(['LEFT', 'RIGHT']);
const line = z.int().positive();

/** A comment of a review to create. `position`, which GitHub is closing down, is not simulated. */
export const reviewCommentSchema = z.object({
  path: z.string(),
  body: z.string(),
  line: line.nullish(),
  side: sideSchema.nullish(),
  start_line: line.nullish(),
  start_side: sideSchema.nullish(),
  position: z.unknown().optional(),
});
type WantedComment = z.infer<typeof reviewCommentSchema>;

/** A comment that has its place in the diff. */
export interface PlacedComment {
  readonly path: string;
  readonly body: string;
  readonly placed: PlacedAnchor | 'file';
  readonly inReplyTo?: ReviewComment;
}

/** GitHub's sentences for a review. They do not name the comment. */
const SENTENCES: Readonly<Record<AnchorProblem, string>> = {
  path: 'Path could not be resolved',
  line: "Pull request review thread line must be part of the diff and Pull request review thread diff hunk can't be blank",
  'start-order': 'Pull request review thread start line must precede the end line.',
  'start-line': 'Pull request review thread start line must be part of the same hunk as the line.',
};

function place(files: readonly DiffFile[], wanted: WantedComment): PlacedAnchor | AnchorProblem {
  if (wanted.position !== undefined && wanted.position !== null)
    throw new ApiError(501, 'The simulated GitHub does not support "position". Use "line" and "side".');
  if (wanted.line === undefined || wanted.line === null) return 'line';
  return placeAnchor(files, {
    path: wanted.path,
    line: wanted.line,
    side: wanted.side ?? 'RIGHT',
    startLine: wanted.start_line ?? undefined,
    startSide: wanted.start_side ?? undefined,
  });
}

/** Places a comment of a review, or throws GitHub's 422 of reviews. */
export function placeReviewComment(files: readonly DiffFile[], wanted: WantedComment): PlacedComment {
  const placed = place(files, wanted);
  if (typeof placed === 'string') throw unprocessable(SENTENCES[placed]);
  if (wanted.body.trim() === '') throw unprocessable("Body can't be blank");
  return { path: wanted.path, body: wanted.body, placed };
}

const custom = (field: string, rule: string) =>
  ({
    resource: 'PullRequestReviewComment',
    code: 'custom',
    field: `pull_request_review_thread.${field}`,
    message: `pull_request_review_thread.${field} ${rule}`,
  }) as const;
const NO_HUNK = {
  resource: 'PullRequestReviewComment',
  code: 'missing_field',
  field: 'pull_request_review_thread.diff_hunk',
} as const;

/** Places a single comment, or throws GitHub's 422 of comments. */
export function placeSingleComment(files: readonly DiffFile[], wanted: WantedComment): PlacedComment {
  const placed = place(files, wanted);
  if (placed === 'path') throw validationFailed(custom('path', 'could not be resolved'), NO_HUNK);
  if (placed === 'line') throw validationFailed(custom('line', 'must be part of the diff'), NO_HUNK);
  if (placed === 'start-order') throw validationFailed(custom('start_line', 'must precede the end line.'));
  if (placed === 'start-line')
    throw validationFailed(custom('start_line', 'must be part of the same hunk as the line.'));
  return { path: wanted.path, body: wanted.body, placed };
}

/** The 422 of a single comment on a commit that is not in the pull request. */
export const foreignCommit = (): ApiError =>
  validationFailed(custom('end_commit_oid', 'is not part of the pull request'), NO_HUNK);

/** Stores a comment of a review. */
export function newComment(world: World, review: Review, wanted: PlacedComment): ReviewComment {
  const { path, body, placed, inReplyTo } = wanted;
  const anchor = placed === 'file' ? null : placed.anchor;
  const comment: ReviewComment = {
    id: world.newId(),
    review,
    user: review.user,
    path,
    subject: placed === 'file' ? 'file' : 'line',
    original: inReplyTo === undefined ? anchor : inReplyTo.original,
    originalCommit: inReplyTo?.originalCommit ?? review.commit,
    diffHunk: placed === 'file' ? '' : placed.diffHunk,
    inReplyTo,
    createdAt: world.now(),
    updatedAt: world.now(),
    body,
    current: inReplyTo === undefined ? anchor : inReplyTo.current,
  };
  review.pull.comments.set(comment.id, comment);
  return comment;
}
