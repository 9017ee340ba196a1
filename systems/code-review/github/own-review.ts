import { z } from 'zod';
import { GithubError, type GithubClient } from './client.ts';

/** A review as GitHub lists it. A deleted account is null. */
export const reviewSchema = z.object({
  id: z.number(),
  state: z.string(),
  body: z.string().nullable(),
  html_url: z.string(),
  user: z.object({ id: z.number(), type: z.string() }).nullable(),
});

/** Whether a review is one of the token's own user. */
export type IsOwn = (review: z.infer<typeof reviewSchema>) => boolean;

/**
 * Finds out whose the token is. GitHub does not say it for the token of an app, such as the one of a workflow; then each
 * review of an app counts, and none of a person.
 */
export async function isOwnReview(client: GithubClient): Promise<IsOwn> {
  try {
    const { id } = await client.get('/user', z.object({ id: z.number() }));
    return ({ user }) => user?.id === id;
  } catch (error) {
    if (!(error instanceof GithubError) || error.kind !== 'forbidden') throw error;
    return ({ user }) => user?.type === 'Bot';
  }
}
