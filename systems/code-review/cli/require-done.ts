import { UserError } from '#cli/user-error.ts';
import type { Review } from '../findings/review.ts';

/** Throws a `UserError` for the exit code, unless the change was approved or only commented on. */
export function requireDone({ verdict, because }: Pick<Review, 'verdict' | 'because'>): void {
  if (verdict === 'request-changes')
    throw new UserError(`Changes requested: ${because}`, 'Change what the findings name, and review again.', 1);
  if (verdict === 'not-reviewed')
    throw new UserError(`Not reviewed: ${because}`, 'See why: npm run fleet -- tasks --status failed', 3);
}
