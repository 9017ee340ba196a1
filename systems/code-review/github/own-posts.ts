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

/** Whether a comment was answered as fixed. */
export const isAnswered = ({ comments }: OwnPosts, comment: Comment, key: string): boolean =>
  comments.some(({ in_reply_to_id: to, body }) => to === comment.id && hasMarker(body, fixedMarker(key)));

/** The open comments at lines with their keys: no reply says that they are fixed. */
export const openComments = (posts: OwnPosts): { readonly key: string; readonly comment: Comment }[] =>
  posts.comments
    .flatMap((comment) => keysIn(comment.body).map((key) => ({ key, comment })))
    .filter(({ key, comment }) => !isAnswered(posts, comment, key));

/**
 * Where earlier reviews have said a finding, by its key: an open comment, or the text of a review. What was said about
 * this head does not count, so that a repetition after a crash composes the same.
 */
export function saidBefore(posts: OwnPosts, target: PullHead): Map<string, string> {
  const present = new Set(posts.reviews.filter(({ body }) => isAboutHead(body, target)).map(({ id }) => id));
  const listed = posts.reviews
    .filter(({ id }) => !present.has(id))
    .flatMap(({ body, html_url: url }) => keysIn(body).map((key): [string, string] => [key, url]));
  const atLines = openComments(posts)
    .filter(({ comment }) => !present.has(comment.pull_request_review_id ?? 0))
    .map(({ key, comment }): [string, string] => [key, comment.html_url]);
  return new Map([...listed, ...atLines]);
}
