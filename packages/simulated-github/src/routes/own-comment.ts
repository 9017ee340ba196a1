import { z } from 'zod';
import { checkLength, notFound, validationFailed } from '../http/api-error.ts';
import { parseBody } from '../http/body.ts';
import { idOf, writerOf, type RepositoryCall } from '../http/route.ts';
import type { PullRequest } from '../world/types.ts';

const bodySchema = z.object({ body: z.string() });

/** The text that a request carries, not checked yet. */
export const bodyOf = (call: RepositoryCall): string => parseBody(call, bodySchema).body;

/** Throws `ApiError` for a comment that is too long or empty. */
export function checkComment(resource: 'IssueComment' | 'PullRequestReviewComment', body: string): void {
  checkLength(resource, body);
  if (body.trim() === '') throw validationFailed({ resource, code: 'missing_field', field: 'body' });
}

/** The comment that the path names, as `find` sees it in one of the repository's pull requests. Throws `ApiError` without one. */
export function commentOf<Found>(
  call: RepositoryCall,
  find: (pull: PullRequest, id: number) => Found | undefined,
): Found {
  const id = idOf(call, 'comment');
  for (const pull of call.repository.pulls.values()) {
    const found = find(pull, id);
    if (found !== undefined) return found;
  }
  throw notFound();
}

/** Everybody edits and deletes their own comments only. On GitHub, members with write access may do more. */
export function own<Found extends { readonly user: unknown }>(call: RepositoryCall, comment: Found): Found {
  if (comment.user !== writerOf(call)) throw notFound();
  return comment;
}
