import { associationOf } from '../views/review.ts';
import { sendIssueComment } from '../webhooks/events.ts';
import type { Association, IssueComment, PullRequest, User } from './types.ts';
import type { World } from './world.ts';

/** Adds a comment to the conversation of a pull request and sends its webhook. */
export function addIssueComment(world: World, pull: PullRequest, user: User, body: string): IssueComment {
  const association = associationOf(pull, user) as Association;
  const times = { createdAt: world.now(), updatedAt: world.now() };
  const comment: IssueComment = { id: world.newId(), pull, user, association, body, ...times };
  pull.issueComments.set(comment.id, comment);
  sendIssueComment(world, comment);
  return comment;
}
