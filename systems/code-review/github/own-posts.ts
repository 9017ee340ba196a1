import { z } from 'zod';
import type { GithubClient } from './client.ts';
import { fixedMarker, hasMarker, isAboutHead, keysIn, type PullHead } from './markers.ts';
import { reviewSchema, userSchema, type IsOwn } from './own-review.ts';

/** A comment at a line, or a reply to one, as GitHub lists it. */
export const commentSchema = z.object({
  id: z.number(),
  body: z.string().nullable(),
  html_url: z.string(),
  user: userSchema,
  pull_request_review_id: z.number().nullish(),
  in_reply_to_id: z.number().nullish(),
});
export type Comment = z.infer<typeof commentSchema>;
export type PostedReview = z.infer<typeof reviewSchema>;

/** What the token's own user has posted to a pull request. */
export interface OwnPosts {
  readonly reviews: readonly PostedReview[];
  readonly comments: readonly Comment[];
}

export async function readOwnPosts(client: GithubClient, pull: string, isOwn: IsOwn): Promise<OwnPosts> {
  const reviews = await client.list(`${pull}/reviews`, reviewSchema);
  const comments = await client.list(`${pull}/comments`, commentSchema);
  return { reviews: reviews.filter(isOwn), comments: comments.filter(isOwn) };
}

/** A comment at a line. */
export interface Said {
  readonly key: string;
  readonly comment: Comment;
  /** The reply that says that the finding is fixed. */
  readonly answer: Comment | null;
}

/** The comments at lines, oldest first. */
export const saidAtLines = ({ comments }: OwnPosts): Said[] =>
  comments.flatMap((comment) =>
    keysIn(comment.body).map((key) => ({
      key,
      comment,
      answer: comments.find((each) => isAnswer(each, comment.id, key)) ?? null,
    })),
  );

/** Whether a comment is the reply to another one that says that its finding is fixed. */
export const isAnswer = ({ in_reply_to_id: to, body }: Comment, comment: number, key: string): boolean =>
  to === comment && hasMarker(body, fixedMarker(key, comment));

/**
 * Where earlier reviews have said a finding, by its key: an open comment, or the text of a review. What was said about
 * this head does not count, so that a repetition after a crash composes the same. Nor does a comment whose review is not
 * listed: it may be so new that GitHub's list lags behind.
 */
export function saidBefore(posts: OwnPosts, target: PullHead): Map<string, string> {
  const earlier = posts.reviews.filter(({ body }) => !isAboutHead(body, target));
  const ids = new Set(earlier.map(({ id }) => id));
  const listed = earlier.flatMap(({ body, html_url: url }) => keysIn(body).map((key): [string, string] => [key, url]));
  const atLines = saidAtLines(posts)
    .filter(({ comment, answer }) => answer === null && ids.has(comment.pull_request_review_id ?? 0))
    .map(({ key, comment }): [string, string] => [key, comment.html_url]);
  return new Map([...listed, ...atLines]);
}
