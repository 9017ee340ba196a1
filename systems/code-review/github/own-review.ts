import { z } from 'zod';
import { GithubError, type GithubClient } from './client.ts';

/** A deleted account is null. */
export const userSchema = z.object({ id: z.number(), login: z.string(), type: z.string() }).nullable();

/** A review as GitHub lists it. */
export const reviewSchema = z.object({
  id: z.number(),
  state: z.string(),
  body: z.string().nullable(),
  html_url: z.string(),
  user: userSchema,
});

/** Whether a review or a comment is one of the token's own user. */
export type IsOwn = (post: { readonly user: z.infer<typeof userSchema> }) => boolean;

/**
 * Finds out whose the token is. GitHub does not say it for the token of an app, such as the one of a workflow; then each
 * review of an app counts, and none of a person.
 * @param login the user's name if it is known, such as `fleet-review[bot]`
 */
export async function isOwnReview(client: GithubClient, login?: string): Promise<IsOwn> {
  if (login !== undefined) return ({ user }) => user?.login.toLowerCase() === login.toLowerCase();
  try {
    const { id } = await client.get('/user', z.object({ id: z.number() }));
    return ({ user }) => user?.id === id;
  } catch (error) {
    if (!(error instanceof GithubError) || error.kind !== 'forbidden') throw error;
    return ({ user }) => user?.type === 'Bot';
  }
}
